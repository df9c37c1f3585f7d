/** How a call lies on screens that are upright, narrow or low; after the wide one's. */

import { css } from "./vendor/lit.js";

export const smallCallStyles = css`
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
`;
