/** How the other's picture looks, and what stands there until it comes. */

import { css } from "./vendor/lit.js";

export const stageStyles = css`
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
