/** How a call lies on the screen: the picture, what is beside it, what is under it. */

import { smallCallStyles } from "./small_call_styles.js";
import { stageStyles } from "./stage_styles.js";
import { css } from "./vendor/lit.js";

const wide = css`
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

  .pill.advice {
    padding-block: 2px; /* the drawing is high, and the strip must not grow by it */
  }

  .pill .pictogram {
    height: 2.2em;
    stroke-width: 1.6;
    width: 2.2em;
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
`;

export const callStyles = [wide, stageStyles, smallCallStyles];
