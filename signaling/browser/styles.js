/** What components share: buttons, cards, notices, the ring of focus. */

import { css } from "./vendor/lit.js";

/** Seen on paper, on night and over a moving picture alike. */
export const focusStyles = css`
  :focus {
    outline: none;
  }

  :focus-visible {
    outline: 3px solid #ffb81c;
    outline-offset: 2px;
    box-shadow: 0 0 0 7px #10222b;
  }

  [tabindex="-1"]:focus-visible {
    box-shadow: none;
    outline: none;
  }
`;

export const baseStyles = css`
  *,
  *::before,
  *::after {
    box-sizing: border-box;
  }

  [hidden] {
    display: none !important;
  }

  h1,
  h2,
  h3,
  p,
  ul,
  ol,
  dl,
  dd,
  figure,
  fieldset {
    margin: 0;
    padding: 0;
  }

  fieldset {
    border: 0;
    min-width: 0;
  }

  ul,
  ol {
    list-style: none;
  }

  h1 {
    font-size: clamp(1.75rem, 1.2rem + 2.6vw, 3rem);
    letter-spacing: -0.02em;
    line-height: 1.1;
    text-wrap: balance;
  }

  h2 {
    font-size: clamp(1.2rem, 1.05rem + 0.7vw, 1.5rem);
    line-height: 1.2;
  }

  .icon {
    fill: none;
    flex: none;
    height: 1.5em;
    stroke: currentColor;
    stroke-linecap: round;
    stroke-linejoin: round;
    stroke-width: 1.8;
    width: 1.5em;
  }

  .logo {
    flex: none;
    height: 40px;
    width: 40px;
  }

  :has(> lsf-clip[data-open]) {
    flex-wrap: wrap;
  }

  lsf-clip[data-listed]:not([data-open]) + span {
    margin-left: 0.4em;
  }

  h1 > lsf-clip[data-open] {
    margin: 0 0 10px;
  }

  .single h1 > lsf-clip[data-open],
  dialog h1 > lsf-clip[data-open] {
    margin-inline: auto;
  }

  .unseen {
    clip-path: inset(50%);
    height: 1px;
    overflow: hidden;
    position: absolute;
    white-space: nowrap;
    width: 1px;
  }
`;

export const buttonStyles = css`
  .act {
    align-items: center;
    display: flex;
    gap: 8px;
  }

  .act > .button {
    flex: 1 1 auto;
  }

  .button {
    align-items: center;
    background: var(--card);
    border: 2px solid var(--edge);
    border-radius: 14px;
    color: var(--ink);
    cursor: pointer;
    display: inline-flex;
    font: inherit;
    font-weight: 600;
    gap: 10px;
    justify-content: center;
    line-height: 1.15;
    min-height: 48px;
    min-width: 48px;
    padding: 8px 18px;
    text-align: center;
    text-decoration: none;
    transition: background-color 0.15s, border-color 0.15s;
  }

  .button:hover {
    background: var(--brand-soft);
    border-color: var(--brand);
  }

  .button:disabled {
    cursor: default;
    opacity: 0.55;
  }

  .button.main {
    background: var(--brand);
    border-color: var(--brand);
    color: #fff;
  }

  .button.main:hover {
    background: var(--brand-deep);
    border-color: var(--brand-deep);
  }

  .button.big {
    border-radius: 18px;
    font-size: clamp(1.15rem, 1rem + 0.8vw, 1.4rem);
    min-height: 72px;
    padding: 14px 28px;
  }

  .button.stop {
    background: var(--bad);
    border-color: var(--bad);
    color: #fff;
  }

  .button.stop:hover {
    background: var(--bad-deep);
    border-color: var(--bad-deep);
  }

  .button.quiet {
    background: transparent;
    border-color: transparent;
    font-weight: 500;
    text-decoration: underline;
    text-decoration-thickness: 1px;
    text-underline-offset: 4px;
  }

  .button.quiet:hover {
    background: rgb(11 93 87 / 8%);
  }

  .night .button:not(.main, .stop) {
    background: #22343d;
    border-color: #7d929b;
    color: var(--night-ink);
  }

  .night .button:not(.main, .stop):hover {
    background: #2f4550;
  }

  .night .button[aria-pressed="true"] {
    background: var(--sun);
    border-color: var(--sun);
    color: #10222b;
  }

  @media (prefers-reduced-motion: reduce) {
    .button {
      transition: none;
    }
  }
`;

export const noticeStyles = css`
  .notice {
    align-items: center;
    background: var(--card);
    border: 1px solid var(--line);
    border-left: 6px solid var(--edge);
    border-radius: 12px;
    display: flex;
    gap: 10px;
    padding: 10px 14px;
    text-align: left;
  }

  .notice.good {
    background: var(--good-soft);
    border-color: var(--good);
    color: #0d4422;
  }

  .notice.warn {
    background: var(--warn-soft);
    border-color: #b06d00;
    color: #4f3000;
  }

  .notice.bad {
    background: var(--bad-soft);
    border-color: var(--bad);
    color: #651a13;
  }
`;

export const pageStyles = [baseStyles, buttonStyles, noticeStyles, focusStyles];
