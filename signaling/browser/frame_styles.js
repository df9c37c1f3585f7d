/** The frame of both pages: header, ground, a screen that says one thing. */

import { css } from "./vendor/lit.js";

export const frameStyles = css`
  :host {
    display: flex;
    flex-direction: column;
    min-height: 100vh;
    min-height: 100dvh;
  }

  main:not(.call) {
    flex: 1;
    margin: 0 auto;
    max-width: 76rem;
    padding: clamp(12px, 2.5vw, 32px);
    width: 100%;
  }

  .soft {
    color: var(--muted);
  }

  .center {
    text-align: center;
  }

  .top {
    align-items: center;
    background: var(--card);
    border-bottom: 1px solid var(--line);
    color: var(--ink);
    display: flex;
    gap: 12px;
    min-height: 64px;
    padding: 8px clamp(12px, 2.5vw, 32px);
  }

  .top p {
    display: grid;
    line-height: 1.2;
  }

  .top span {
    color: var(--muted);
  }

  .top .language {
    margin-left: auto;
  }

  .single {
    align-content: center;
    display: grid;
    gap: 16px;
    justify-items: center;
    max-width: 44rem !important;
    text-align: center;
  }

  .single > [role="status"]:not(.notice) {
    display: grid;
    gap: 8px;
  }

  .single .calls {
    justify-content: center;
  }

  .lead {
    font-size: clamp(1.15rem, 1rem + 0.8vw, 1.45rem);
  }

  .sign {
    background: var(--brand-soft);
    border-radius: 50%;
    color: var(--brand-deep);
    display: grid;
    height: 112px;
    place-items: center;
    width: 112px;
  }

  .sign.good {
    background: var(--good-soft);
    color: var(--good);
  }

  .sign.warn {
    background: var(--warn-soft);
    color: var(--warn);
  }

  .sign .icon {
    height: 56px;
    width: 56px;
  }

  .calls {
    align-items: end;
    display: flex;
    flex-wrap: wrap;
    gap: 14px;
  }

  .news {
    display: grid;
    gap: 10px;
  }

  .news:not(:has(*)) {
    display: none;
  }

  .gone {
    background: var(--card);
    border: 2px solid var(--bad);
    border-radius: var(--radius);
    bottom: 16px;
    color: var(--ink);
    display: grid;
    gap: 10px;
    inset-inline: 16px;
    margin: 0 auto;
    max-width: 30rem;
    padding: 18px;
    position: fixed;
    text-align: center;
    z-index: 2;
  }

  .single .gone {
    position: static;
  }
`;
