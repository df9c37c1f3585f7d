/** How a call lies on the screen, from 360 to 1920 px, upright and across. */

import { css } from "./vendor/lit.js";

export const callStyles = css`
  .call {
    background: var(--night);
    color: var(--night-ink);
    display: grid;
    gap: 10px 14px;
    grid-template-areas:
      "strip side"
      "stage side"
      "bar side";
    grid-template-columns: minmax(0, 1fr) clamp(260px, 23vw, 380px);
    grid-template-rows: auto minmax(0, 1fr) auto;
    height: 100vh;
    height: 100dvh;
    padding: 10px 14px 12px;
  }

  .call.within {
    flex: 1 1 0;
    height: auto;
    min-height: 0;
    width: 100%;
  }

  .call.text.within {
    align-self: center;
  }

  .strip {
    align-items: center;
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
    grid-area: strip;
    justify-content: center;
    min-height: 46px;
  }

  .pill {
    align-items: center;
    background: var(--night-card);
    border: 2px solid var(--night-line);
    border-radius: 22px;
    display: flex;
    font-weight: 600;
    gap: 8px;
    line-height: 1.2;
    min-height: 44px;
    padding: 6px 16px 6px 12px;
  }

  .pill > span {
    flex: 0 1 auto;
  }

  .pill.good {
    border-color: #58b67a;
    color: #bfeacf;
  }

  .pill.warn {
    background: #3a2a07;
    border: 2px dashed #f2b33d;
    color: #ffe3a6;
  }

  .pill.bad {
    background: #431a16;
    border: 4px double #ff8a7d;
    color: #ffd9d4;
  }

  .pill.sun {
    background: var(--sun);
    border-color: var(--sun);
    color: #10222b;
  }

  .clock {
    color: var(--night-muted);
    font-variant-numeric: tabular-nums;
    font-weight: 400;
  }

  .stage {
    background: #05090b;
    border-radius: 18px;
    grid-area: stage;
    min-height: 0;
    outline: 4px solid transparent;
    overflow: hidden;
    position: relative;
  }

  .stage video {
    height: 100%;
    inset: 0;
    object-fit: contain;
    position: absolute;
    visibility: hidden;
    width: 100%;
  }

  .stage.live video {
    visibility: visible;
  }

  .stage.waved {
    animation: wave 1.2s ease-in-out 3;
  }

  @keyframes wave {
    0%,
    100% {
      outline-color: transparent;
    }

    50% {
      outline-color: var(--sun);
    }
  }

  .curtain {
    align-content: center;
    display: grid;
    font-size: clamp(1.1rem, 1rem + 0.8vw, 1.5rem);
    font-weight: 600;
    gap: 14px;
    inset: 0;
    justify-items: center;
    padding: 20px;
    position: absolute;
    text-align: center;
  }

  .curtain > .icon {
    background: var(--night-card);
    border-radius: 50%;
    color: var(--night-muted);
    height: clamp(72px, 16vh, 128px);
    padding: clamp(16px, 3.5vh, 30px);
    width: clamp(72px, 16vh, 128px);
  }

  .dots {
    display: flex;
    gap: 8px;
  }

  .dots i {
    animation: dot 1.8s ease-in-out infinite;
    background: var(--sun);
    border-radius: 50%;
    height: 10px;
    width: 10px;
  }

  .dots i:nth-child(2) {
    animation-delay: 0.3s;
  }

  .dots i:nth-child(3) {
    animation-delay: 0.6s;
  }

  @keyframes dot {
    0%,
    100% {
      opacity: 0.35;
    }

    50% {
      opacity: 1;
    }
  }

  .tap {
    bottom: 16px;
    display: grid;
    inset-inline: 0;
    justify-content: center;
    position: absolute;
  }

  .side {
    display: grid;
    gap: 12px;
    grid-area: side;
    grid-template-rows: auto minmax(0, 1fr);
    min-height: 0;
    min-width: 0;
  }

  .own {
    display: grid;
    gap: 6px;
  }

  .button.small {
    font-size: 0.9rem;
    font-weight: 500;
    min-height: 44px;
    padding: 4px 10px;
  }

  .self-last .side {
    grid-template-rows: minmax(0, 1fr) auto;
  }

  .self-last .own {
    order: 2;
  }

  .bar {
    align-items: end;
    display: flex;
    flex-wrap: wrap;
    gap: 10px;
    grid-area: bar;
    justify-content: center;
  }

  .question {
    align-items: center;
    background: var(--night-card);
    border: 2px solid var(--sun);
    border-radius: 18px;
    display: flex;
    flex-wrap: wrap;
    gap: 10px 24px;
    justify-content: center;
    padding: 10px 18px;
  }

  .within .bar {
    gap: 6px;
  }

  .within .bar .button {
    font-size: 0.9rem;
    gap: 6px;
    padding: 6px 10px;
  }

  .call.text {
    grid-template-areas: "strip" "side" "bar";
    grid-template-columns: minmax(0, 46rem);
    justify-content: center;
  }

  .call.text .side {
    grid-template-rows: minmax(0, 1fr);
  }

  @media (max-aspect-ratio: 1/1) {
    .call.video {
      gap: 8px;
      grid-template-areas: "strip" "stage" "bar" "side";
      grid-template-columns: minmax(0, 1fr);
      grid-template-rows: auto minmax(0, 1fr) auto auto;
      padding: 8px;
    }

    .call.video .side {
      grid-template-columns: minmax(96px, 30%) minmax(0, 1fr);
      grid-template-rows: clamp(180px, 31vh, 340px);
    }

    .call.video.self-last .side {
      grid-template-columns: minmax(0, 1fr) minmax(96px, 30%);
    }

    .own {
      align-content: start;
      overflow-y: auto;
    }

    .strip {
      flex-wrap: nowrap;
      gap: 6px;
      min-height: 56px;
    }

    .pill {
      flex: 0 1 auto;
      font-size: 0.9rem;
      gap: 6px;
      min-height: 52px;
      padding: 4px 10px 4px 8px;
    }

    .pill .clock {
      white-space: nowrap;
    }

    .bar {
      align-items: stretch;
      flex-wrap: nowrap;
      gap: 6px;
    }

    .bar .act,
    .bar .button {
      height: 100%;
    }

    .bar .act {
      flex: 1 1 0;
      min-width: 0;
    }

    .bar .button {
      flex-direction: column;
      font-size: 0.85rem;
      gap: 2px;
      padding: 6px 4px;
    }

    .own .button.small {
      padding: 4px 6px;
    }

    .within .bar {
      flex-wrap: wrap;
    }

    .within .bar .act {
      flex: 1 1 30%;
      height: auto;
    }

    .within .bar .button {
      flex-direction: row;
      gap: 4px;
      height: 100%;
      min-height: 48px;
    }

    .question {
      flex: 1 1 100%;
      padding: 8px 12px;
    }

    .question .calls {
      display: flex;
      gap: 8px;
      width: 100%;
    }
  }

  @media (max-width: 480px) {
    .pill {
      flex: 1 1 0;
    }

    .bar .button,
    .within .bar .button {
      font-size: 0.78rem;
      letter-spacing: -0.01em;
      padding: 6px 2px;
    }

    .own .button.small span {
      clip-path: inset(50%);
      height: 1px;
      overflow: hidden;
      position: absolute;
      width: 1px;
    }
  }

  @media (max-height: 520px) and (min-aspect-ratio: 1/1) {
    .call.video {
      gap: 6px 10px;
      grid-template-columns: minmax(0, 1fr) clamp(240px, 40vw, 360px);
      padding: 6px;
    }

    .strip {
      flex-wrap: nowrap;
      min-height: 40px;
    }

    .pill {
      font-size: 0.85rem;
      line-height: 1.1;
      min-height: 38px;
      padding: 2px 12px 2px 8px;
    }

    .bar {
      flex-wrap: nowrap;
      gap: 6px;
    }

    .bar .button {
      font-size: 0.85rem;
      gap: 4px;
      min-height: 44px;
      padding: 2px 8px;
    }

    .call.video .side {
      grid-template-columns: 34% minmax(0, 1fr);
      grid-template-rows: minmax(0, 1fr);
    }

    .call.video.self-last .side {
      grid-template-columns: minmax(0, 1fr) 34%;
    }

    .own {
      align-content: start;
    }

    .own .button.small span {
      clip-path: inset(50%);
      height: 1px;
      overflow: hidden;
      position: absolute;
      width: 1px;
    }
  }

  @media (prefers-reduced-motion: reduce) {
    .stage.waved {
      animation: hold 3.6s step-end 1;
    }

    @keyframes hold {
      0% {
        outline-color: var(--sun);
      }
    }

    .dots i {
      animation: none;
    }
  }
`;
