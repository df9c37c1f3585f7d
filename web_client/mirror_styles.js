/** How the mirror looks. */

import { css } from "../signaling/browser/vendor/lit.js";

export const mirrorStyles = css`
  .mirror {
    align-content: start;
    display: grid;
    gap: 16px clamp(16px, 3vw, 40px);
    grid-template-columns: minmax(0, 1.35fr) minmax(18rem, 1fr);
  }

  .mirror .title {
    align-items: center;
    display: flex;
    flex-wrap: wrap;
    gap: 4px 12px;
    grid-column: 1 / -1;
  }

  .mirror h1 {
    font-size: clamp(1.4rem, 1.1rem + 1.4vw, 2.1rem);
  }

  .glass {
    align-content: start;
    display: grid;
    gap: 12px;
  }

  .frame {
    background: #05090b;
    border-radius: var(--radius);
    margin: 0 auto;
    max-width: calc(62vh * 4 / 3);
    overflow: hidden;
    position: relative;
    width: 100%;
  }

  .frame video {
    aspect-ratio: 4 / 3;
    display: block;
    object-fit: contain;
    transform: scaleX(-1);
    width: 100%;
  }

  .guide {
    fill: none;
    height: 100%;
    inset: 0;
    pointer-events: none;
    position: absolute;
    stroke-linecap: round;
    stroke-linejoin: round;
    width: 100%;
  }

  .guide-dark {
    stroke: rgb(5 9 11 / 65%);
    stroke-width: 5;
  }

  .guide-light {
    stroke: #ffffff;
    stroke-dasharray: 9 8;
    stroke-width: 2.4;
  }

  .guide-corner {
    stroke: var(--sun);
    stroke-dasharray: none;
    stroke-width: 4;
  }

  .asking {
    align-content: center;
    color: #fff;
    display: grid;
    font-size: 1.2rem;
    gap: 12px;
    inset: 0;
    justify-items: center;
    padding: 20px;
    position: absolute;
    text-align: center;
  }

  .asking .icon {
    height: 56px;
    width: 56px;
  }

  .glass figcaption {
    display: grid;
    gap: 8px;
  }

  .glass figcaption p {
    align-items: center;
    display: flex;
    gap: 10px;
  }

  .choices {
    align-content: start;
    display: grid;
    gap: 18px;
  }

  .eye {
    background: var(--card);
    border: 1px solid var(--line);
    border-radius: var(--radius);
    display: grid;
    gap: 12px;
    padding: 18px;
  }

  .eye legend {
    align-items: center;
    display: flex;
    float: left;
    font-size: 1.15rem;
    gap: 10px;
    width: 100%;
  }

  .eye ul {
    display: grid;
    gap: 6px;
  }

  .eye .chip {
    flex: 1 1 7rem;
    justify-content: center;
  }

  .blocked {
    display: grid;
    gap: 14px;
    grid-column: 1 / -1;
    justify-items: center;
    padding: 24px 0;
    text-align: center;
  }

  .blocked .calls {
    justify-content: center;
  }

  @media (max-width: 960px) {
    .mirror {
      grid-template-columns: minmax(0, 1.1fr) minmax(0, 1fr);
    }
  }

  @media (max-width: 760px) {
    .mirror {
      display: flex;
      flex-direction: column;
      gap: 10px;
    }

    .mirror .title .button {
      padding-inline: 4px;
    }

    .glass,
    .glass figcaption {
      gap: 6px;
    }

    .frame {
      max-width: calc(38vh * 4 / 3);
    }

    .eye {
      gap: 10px;
    }

    .eye {
      padding: 12px 14px;
    }

    .eye .chip {
      flex: 1 1 0;
      padding-inline: 8px;
    }

    .choices {
      display: contents;
    }

    /* Above the fold, however long the page is; a row of a grid would hold it back. */
    .choices > .act:has(> .main) {
      bottom: 8px;
      position: sticky;
      z-index: 1;
    }

    .eye input {
      scroll-margin-bottom: 7rem;
    }
  }
`;
