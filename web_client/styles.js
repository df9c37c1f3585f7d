/** How the caller's first page looks. */

import { css } from "../signaling/browser/vendor/lit.js";

export const entryStyles = css`
  .foot {
    align-items: center;
    background: var(--card);
    border-top: 1px solid var(--line);
    display: flex;
    flex-wrap: wrap;
    gap: 10px 24px;
    justify-content: center;
    padding: 12px clamp(12px, 2.5vw, 32px);
  }

  .foot p {
    align-items: center;
    display: flex;
    gap: 10px;
  }

  .foot .icon {
    color: var(--bad);
  }

  .entry {
    align-content: center;
    align-items: center;
    display: grid;
    gap: clamp(20px, 3vw, 40px) clamp(20px, 5vw, 72px);
    grid-template-areas: "welcome drawing" "facts facts";
    grid-template-columns: minmax(0, 1.15fr) minmax(0, 0.85fr);
  }

  .welcome {
    display: grid;
    gap: clamp(16px, 2.2vw, 26px);
    grid-area: welcome;
  }

  .promise {
    align-items: center;
    color: var(--brand-deep);
    display: flex;
    font-size: clamp(1.1rem, 1rem + 0.6vw, 1.35rem);
    font-weight: 600;
    gap: 10px;
  }

  .drawing {
    grid-area: drawing;
  }

  .signers {
    display: block;
    margin: 0 auto;
    max-height: 46vh;
    width: 100%;
  }

  .topics legend,
  .eye legend {
    font-weight: 600;
    margin-bottom: 8px;
    padding: 0;
  }

  .chips {
    display: flex;
    flex-wrap: wrap;
    gap: 10px;
  }

  .chip {
    align-items: center;
    background: var(--card);
    border: 2px solid var(--edge);
    border-radius: 999px;
    cursor: pointer;
    display: inline-flex;
    font-weight: 600;
    gap: 8px;
    min-height: 48px;
    padding: 8px 18px 8px 14px;
    position: relative;
  }

  .chip:has(lsf-clip[data-open]) {
    border-radius: 18px;
    flex-wrap: wrap;
  }

  .chip input {
    accent-color: var(--brand);
    height: 20px;
    margin: 0;
    width: 20px;
  }

  .chip:hover {
    border-color: var(--brand);
  }

  .chip:has(input:checked) {
    background: var(--brand-soft);
    border-color: var(--brand);
    box-shadow: inset 0 0 0 1px var(--brand);
  }

  .chip:has(input:focus-visible) {
    box-shadow: 0 0 0 7px #10222b;
    outline: 3px solid #ffb81c;
    outline-offset: 2px;
  }

  .chip input:focus-visible {
    box-shadow: none;
    outline: none;
  }

  .facts {
    background: var(--card);
    border: 1px solid var(--line);
    border-radius: var(--radius);
    display: grid;
    grid-area: facts;
    grid-template-columns: repeat(3, minmax(0, 1fr));
  }

  .facts li {
    align-items: center;
    display: flex;
    gap: 14px;
    padding: 16px 20px;
  }

  .facts li + li {
    border-left: 1px solid var(--line);
  }

  .facts .icon {
    background: var(--brand-soft);
    border-radius: 12px;
    color: var(--brand-deep);
    height: 48px;
    padding: 10px;
    width: 48px;
  }

  .facts h2 {
    font-size: 1.1rem;
  }

  .facts p {
    color: var(--muted);
  }

  @media (max-width: 960px) {
    .facts li {
      align-items: start;
      flex-direction: column;
      gap: 8px;
    }
  }

  @media (max-width: 760px) {
    .entry {
      grid-template-areas: "welcome" "facts";
      grid-template-columns: minmax(0, 1fr);
    }

    .drawing {
      display: none;
    }

    .entry .calls .act {
      flex: 1 1 100%;
    }

    .facts {
      grid-template-columns: minmax(0, 1fr);
    }

    .facts li {
      align-items: center;
      flex-direction: row;
      gap: 14px;
      padding: 12px 16px;
    }

    .facts li + li {
      border-left: 0;
      border-top: 1px solid var(--line);
    }
  }
`;
