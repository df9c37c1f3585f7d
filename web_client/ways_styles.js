/** How other ways than waiting here look: the offer, the call-back, the ring. */

import { css } from "../signaling/browser/vendor/lit.js";

export const waysStyles = css`
  .variants .chip .icon {
    color: var(--brand-deep);
  }

  .ways {
    background: var(--card);
    border: 2px solid var(--brand);
    border-radius: var(--radius);
    display: grid;
    gap: 14px;
    padding: 18px 20px;
  }

  .ways ul {
    display: grid;
    gap: 14px;
    grid-template-columns: repeat(auto-fit, minmax(13rem, 1fr));
  }

  .ways li {
    align-content: start;
    display: grid;
    gap: 6px;
  }

  .ways li p,
  .ways .free {
    color: var(--muted);
  }

  .ways .free {
    align-items: center;
    display: flex;
    gap: 10px;
  }

  .notes {
    display: grid;
    gap: 10px;
    justify-items: start;
    text-align: left;
  }

  .notes li {
    align-items: center;
    display: flex;
    gap: 12px;
  }

  .notes .icon {
    color: var(--brand-deep);
    height: 2rem;
    width: 2rem;
  }

  .back .promise {
    justify-content: center;
  }

  .summon .bell {
    animation: summon 1.6s ease-in-out infinite;
    background: var(--sun);
    border-radius: 50%;
    display: grid;
    height: 128px;
    place-items: center;
    width: 128px;
  }

  .summon .bell .icon {
    height: 64px;
    width: 64px;
  }

  .summon .left {
    display: grid;
    gap: 6px;
    width: min(100%, 24rem);
  }

  .summon progress {
    accent-color: var(--brand);
    height: 14px;
    width: 100%;
  }

  @keyframes summon {
    0%,
    100% {
      box-shadow: 0 0 0 0 rgb(242 179 61 / 70%);
    }

    50% {
      box-shadow: 0 0 0 24px rgb(242 179 61 / 35%);
    }
  }

  @media (prefers-reduced-motion: reduce) {
    .summon .bell {
      animation: none;
      box-shadow: 0 0 0 16px rgb(242 179 61 / 45%);
    }
  }
`;
