/** The chain's state: where it ends, the heads to keep, and how to check it without us. */

import { html } from "../signaling/browser/vendor/lit.js";
import { problem } from "./day_view.js";
import { count, longDate, moment, say } from "./say.js";
import { table } from "./table_view.js";

/** @import { TemplateResult } from "../signaling/browser/vendor/lit.js" */
/** @import { State } from "./state.js" */
/** @import { Heads } from "./types.js" */

/**
 * @param {State} state
 * @param {Heads} heads
 * @returns {TemplateResult}
 */
export function chainPage(state, heads) {
  return html`
    <div class="headline">
      <h1 data-testid="title">${say("Chaîne des événements", "Chain of events")}</h1>
    </div>
    <p class="problem" role="alert">${problem(state.problem)}</p>
    <section class="card" aria-labelledby="end">
      <h2 id="end">${say("Où en est la chaîne", "Where the chain stands")}</h2>
      <p>${say("Maillon", "Link")} <strong data-testid="position">${count(
        heads.end.position,
      )}</strong>, ${say("empreinte", "digest")}
        <code class="digest">${heads.end.digest}</code></p>
      <p class="hint">${say(
        "Chaque événement d’appel porte l’empreinte du précédent : rien ne se change, ne s’ajoute ni ne s’enlève sans que cela se voie.",
        "Each event carries the digest of the one before: nothing is changed, added or taken away unseen.",
      )}</p>
    </section>
    <section class="card" aria-labelledby="check">
      <h2 id="check">${say("Vérifier sans nous", "Check it without us")}</h2>
      <ol class="steps">
        <li><a href="/api/v1/heads" download="heads.json">${say(
          "Gardez les empreintes signées (heads.json), chaque jour",
          "Keep the signed heads (heads.json), each day",
        )}</a></li>
        <li><a href="/api/v1/export" download="export.jsonl">${say(
          "Prenez la chaîne (export.jsonl)",
          "Take the chain (export.jsonl)",
        )}</a></li>
        <li><a href="/illico_verify.py" download>${say(
          "Prenez le vérificateur (un fichier Python, à lire)",
          "Take the verifier (one Python file, made to be read)",
        )}</a></li>
        <li><code>python illico_verify.py export.jsonl --heads heads.json</code></li>
      </ol>
      <p class="hint">${say(
        "Une empreinte que vous avez gardée montre une chaîne recalculée ou coupée. Ce relevé ne certifie rien : la certification appartient à des tiers accrédités.",
        "A head that you kept shows a chain that was computed anew or cut. This certifies nothing: that belongs to accredited third parties.",
      )}</p>
    </section>
    ${table(
      say("Empreintes signées, une par jour", "Signed heads, one a day"),
      [
        say("Jour", "Day"),
        say("Maillon", "Link"),
        say("Empreinte", "Digest"),
        say("Clé", "Key"),
      ],
      heads.heads.toReversed().map((head) => [
        longDate(head.day),
        count(head.position),
        `${head.digest.slice(0, 16)}…`,
        head.key,
      ]),
    )}
    ${table(
      say("Clés qui signent", "Keys that sign"),
      [say("Clé", "Key"), say("Depuis", "Since"), say("Clé publique", "Public key")],
      heads.keys.toReversed().map((key) => [
        key.id,
        moment(key.since_us / 1000),
        key.public,
      ]),
    )}
  `;
}
