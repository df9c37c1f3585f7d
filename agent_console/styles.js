/** How the console looks around a call. */

import { css } from "../signaling/browser/vendor/lit.js";

export const consoleStyles = css`
  :host([data-state="connecting"]),
  :host([data-state="in-call"]) {
    height: 100vh;
    height: 100dvh;
  }

  .status {
    align-items: center;
    background: #ece8de;
    border-radius: 999px;
    display: flex !important;
    font-weight: 700;
    gap: 8px;
    margin-left: auto !important;
    min-height: 40px;
    padding: 4px 16px 4px 12px;
  }

  .status span {
    color: inherit;
  }

  .status,
  .top [data-testid="name"] {
    white-space: nowrap;
  }

  .status.ready {
    background: var(--good-soft);
    color: #0d4422;
  }

  .status.ringing {
    background: var(--sun);
  }

  .status.connecting,
  .status.in-call {
    background: var(--brand);
    color: #fff;
  }

  .status.wrap-up {
    background: var(--warn-soft);
    color: #4f3000;
  }

  .own-picture {
    display: grid;
    gap: 12px;
    justify-items: center;
  }

  .own-picture video {
    aspect-ratio: 4 / 3;
    background: #05090b;
    border-radius: var(--radius);
    max-width: calc(44vh * 4 / 3);
    object-fit: contain;
    transform: scaleX(-1);
    width: 100%;
  }

  .fact {
    align-items: center;
    color: var(--muted);
    display: flex;
    gap: 10px;
    justify-content: center;
    text-align: left;
  }

  .card {
    background: var(--card);
    border: 1px solid var(--line);
    border-radius: 24px;
    display: grid;
    gap: 18px;
    padding: clamp(20px, 4vw, 36px);
    text-align: left;
    width: min(100%, 26rem);
  }

  .card h1 {
    font-size: 1.7rem;
  }

  .card label {
    display: grid;
    font-weight: 600;
    gap: 6px;
  }

  .card input {
    background: #fff;
    border: 2px solid var(--edge);
    border-radius: 12px;
    color: var(--ink);
    font: inherit;
    min-height: 52px;
    padding: 8px 14px;
    width: 100%;
  }

  .left {
    display: grid;
    gap: 6px;
    width: min(100%, 26rem);
  }

  .left p {
    font-variant-numeric: tabular-nums;
    font-weight: 600;
  }

  progress {
    appearance: none;
    background: #e2ddd1;
    border: 0;
    border-radius: 999px;
    display: block;
    height: 14px;
    overflow: hidden;
    width: 100%;
  }

  progress::-webkit-progress-bar {
    background: #e2ddd1;
  }

  progress::-webkit-progress-value {
    background: var(--brand);
  }

  progress::-moz-progress-bar {
    background: var(--brand);
  }

  .ring-dialog {
    background: var(--card);
    border: 8px solid var(--sun);
    border-radius: 28px;
    color: var(--ink);
    margin: auto;
    max-height: calc(100dvh - 16px);
    max-width: 40rem;
    overflow-y: auto;
    padding: clamp(16px, 3vw, 32px);
    text-align: center;
    width: calc(100vw - 16px);
  }

  .ring-dialog[open] {
    animation: ring 1.6s ease-in-out infinite;
    display: grid;
    gap: 14px;
    justify-items: center;
  }

  .ring-dialog::backdrop {
    background: rgb(13 24 30 / 82%);
  }

  @keyframes ring {
    0%,
    100% {
      box-shadow: 0 0 0 0 rgb(242 179 61 / 60%);
    }

    50% {
      box-shadow: 0 0 0 16px rgb(242 179 61 / 35%);
    }
  }

  .bell {
    background: var(--sun);
    border-radius: 50%;
    display: grid;
    height: 84px;
    place-items: center;
    width: 84px;
  }

  .bell .icon {
    height: 44px;
    width: 44px;
  }

  .ring-dialog h1 {
    font-size: clamp(1.5rem, 1.1rem + 2vw, 2.3rem);
  }

  .ring-dialog dl {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
    justify-content: center;
  }

  .ring-dialog dl div {
    background: var(--paper);
    border-radius: 12px;
    min-width: 6.5rem;
    padding: 8px 14px;
  }

  .ring-dialog dt {
    color: var(--muted);
    font-size: 0.9rem;
  }

  .ring-dialog dd {
    font-size: 1.15rem;
    font-variant-numeric: tabular-nums;
    font-weight: 700;
  }

  .ring-dialog dd::first-letter {
    text-transform: uppercase;
  }

  .ring-dialog .calls {
    justify-content: center;
    width: 100%;
  }

  .ring-dialog .calls .act {
    flex: 1 1 14rem;
  }

  .ring-dialog .calls .act:first-child {
    flex-grow: 1.2;
  }

  .ring-dialog .mirror {
    align-items: center;
    display: flex;
    flex-wrap: wrap;
    gap: 12px;
    justify-content: center;
  }

  .ring-dialog self-view {
    width: 150px;
  }

  .why {
    align-items: center;
    background: var(--brand-soft);
    border-radius: 999px;
    display: flex;
    font-weight: 600;
    gap: 10px;
    padding: 8px 18px 8px 12px;
  }

  .desk .calls {
    justify-content: center;
  }

  .transfer {
    align-content: start;
    background: var(--night-card);
    border: 2px solid var(--night-line);
    border-radius: 18px;
    display: grid;
    gap: 10px;
    overflow-y: auto;
    padding: 14px;
  }

  .transfer h2 {
    font-size: 1.15rem;
  }

  .transfer h3 {
    color: var(--night-muted);
    font-size: 1rem;
    margin: 0;
  }

  .transfer ul {
    display: grid;
    gap: 8px;
  }

  .transfer li {
    display: grid;
    gap: 6px;
  }

  .transfer li > .button {
    justify-content: start;
    text-align: left;
  }

  .transfer .chips {
    display: flex;
    flex-wrap: wrap;
    gap: 6px;
  }

  .transfer .soft {
    color: var(--night-muted);
    display: block;
    font-weight: 400;
  }

  .over {
    margin: 8px auto 0;
    padding: 0 8px;
  }

  @media (max-width: 480px) {
    .status {
      font-size: 0.95rem;
      gap: 6px;
      padding: 4px 12px 4px 8px;
    }

    .top strong {
      display: none;
    }

    .top .act .button span {
      clip-path: inset(50%);
      height: 1px;
      overflow: hidden;
      position: absolute;
      white-space: nowrap;
      width: 1px;
    }

    .ring-dialog .calls .act {
      flex-basis: 100%;
    }

    .bell {
      height: 60px;
      width: 60px;
    }
  }

  @media (prefers-reduced-motion: reduce) {
    .ring-dialog[open] {
      animation: none;
    }
  }
`;
