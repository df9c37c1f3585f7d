/** How waiting and the end look. */

import { css } from "../signaling/browser/vendor/lit.js";

export const waitingStyles = css`
  .waiting {
    align-content: center;
    display: grid;
    gap: clamp(16px, 3vh, 28px);
    max-width: 56rem !important;
  }

  .now {
    align-items: center;
    display: grid;
    gap: 12px clamp(16px, 4vw, 48px);
    grid-template-columns: clamp(150px, 26vw, 240px) minmax(0, 1fr);
  }

  .words {
    display: grid;
    gap: 12px;
  }

  .ring {
    display: block;
    width: 100%;
  }

  .ring circle {
    fill: none;
    stroke-width: 11;
  }

  .ring .track {
    stroke: #e2ddd1;
  }

  .ring .part {
    stroke: var(--brand);
    stroke-linecap: round;
  }

  .ring.warn .part {
    stroke: #b06d00;
  }

  .ring text {
    fill: var(--ink);
    font-family: var(--letters);
  }

  .ring .figure {
    font-size: 40px;
    font-variant-numeric: tabular-nums;
    font-weight: 700;
  }

  .ring .unit {
    fill: var(--muted);
    font-size: 13px;
  }

  .waiting[data-found="true"] .ring .part {
    stroke: var(--sun);
  }

  .steps {
    counter-reset: step;
    display: grid;
    gap: 10px;
    grid-template-columns: repeat(3, minmax(0, 1fr));
  }

  .steps li {
    align-content: start;
    background: var(--card);
    border: 2px solid var(--line);
    border-radius: var(--radius);
    color: var(--muted);
    display: grid;
    gap: 10px;
    justify-items: center;
    padding: 16px 12px;
    text-align: center;
  }

  .steps .current {
    background: var(--brand-soft);
    border-color: var(--brand);
    color: var(--ink);
    font-weight: 600;
  }

  .steps .past .mark {
    background: var(--good-soft);
    color: var(--good);
  }

  .mark {
    background: #efece4;
    border-radius: 50%;
    display: grid;
    height: 52px;
    place-items: center;
    width: 52px;
  }

  .current .mark {
    background: var(--brand);
    color: #fff;
  }

  .nobody {
    background: var(--warn-soft);
    border: 2px solid #b06d00;
    border-radius: var(--radius);
    display: grid;
    gap: 14px;
    padding: 20px;
  }

  .nobody > p {
    align-items: center;
    display: flex;
    font-size: 1.15rem;
    font-weight: 600;
    gap: 10px;
  }

  .waiting .end {
    align-items: end;
    display: flex;
    flex-wrap: wrap;
    gap: 16px;
    justify-content: space-between;
  }

  .mine {
    --night-line: var(--line);

    width: 168px;
  }

  .times {
    display: flex;
    gap: 12px;
  }

  .times div {
    background: var(--card);
    border: 1px solid var(--line);
    border-radius: 14px;
    min-width: 8.5rem;
    padding: 10px 18px;
  }

  .times dt {
    color: var(--muted);
  }

  .times dd {
    font-size: 1.3rem;
    font-variant-numeric: tabular-nums;
    font-weight: 700;
  }

  .rate {
    display: grid;
    gap: 12px;
    padding: 6px 0 10px;
  }

  .faces {
    display: flex;
    gap: 12px;
    justify-content: center;
  }

  .face {
    align-items: center;
    background: var(--card);
    border: 2px solid var(--edge);
    border-radius: var(--radius);
    color: var(--ink);
    cursor: pointer;
    display: grid;
    font: inherit;
    font-weight: 600;
    gap: 6px;
    justify-items: center;
    min-width: 96px;
    padding: 14px 12px;
  }

  .face .icon {
    height: 56px;
    width: 56px;
  }

  .face.good .icon {
    color: var(--good);
  }

  .face.fair .icon {
    color: var(--warn);
  }

  .face.bad .icon {
    color: var(--bad);
  }

  .face:hover {
    background: var(--brand-soft);
    border-color: var(--brand);
  }

  @media (max-width: 760px) {
    .steps {
      grid-template-columns: minmax(0, 1fr);
    }

    .steps li {
      align-items: center;
      grid-template-columns: auto minmax(0, 1fr);
      justify-items: start;
      padding: 10px 14px;
      text-align: left;
    }

    .mark {
      height: 40px;
      width: 40px;
    }
  }

  @media (max-width: 480px) {
    .waiting {
      gap: 14px;
    }

    .mine {
      width: 132px;
    }

    .now {
      grid-template-columns: minmax(0, 1fr);
      justify-items: center;
      text-align: center;
    }

    .now .ring {
      width: 132px;
    }

    .now h1 > lsf-clip[data-open] {
      margin-inline: auto;
    }

    .now .promise {
      font-size: 1rem;
      justify-content: center;
    }

    .waiting .end {
      flex-wrap: nowrap;
    }
  }
`;
