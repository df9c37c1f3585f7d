/** How the caller's page looks before and after a call. */

import { css } from "../signaling/browser/vendor/lit.js";

export const callerStyles = css`
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

  /* ------------------------------------------------------------------ entry */

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

  /* ----------------------------------------------------------------- mirror */

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

  /* ---------------------------------------------------------------- waiting */

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

  @media (max-width: 960px) {
    .facts li {
      align-items: start;
      flex-direction: column;
      gap: 8px;
    }

    .mirror {
      grid-template-columns: minmax(0, 1.1fr) minmax(0, 1fr);
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

    .mirror {
      grid-template-columns: minmax(0, 1fr);
    }

    .mirror {
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

    .choices,
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
