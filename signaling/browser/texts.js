/** Every French sentence of the pages: short, active, beside a sign clip's key. */

import { CONSOLE_TEXTS } from "./texts_console.js";
import { PROBLEM_TEXTS } from "./texts_problems.js";

const CALLER_TEXTS = {
  "brand": "Illico",
  "brand-with": "avec Illico",
  "back": "Retour",
  "retry": "Réessayer",
  "reload": "Recharger la page",
  "loading": "La page arrive.",
  "clip-play": "Voir en LSF",
  "clip-pause": "Arrêter la vidéo",

  "entry-title": "Parlez en LSF avec {company}",
  "entry-promise": "Un agent vous répond en LSF en 60 secondes.",
  "entry-call": "Appeler en LSF",
  "entry-text": "Appeler par texte",
  "entry-topic": "Votre sujet",
  "entry-topic-optional": "(au choix)",
  "entry-topic-any": "Autre sujet",
  "entry-variant": "Votre façon de signer",
  "entry-variant-usual": "LSF",
  "entry-call-variant": "Appeler : {variant}",
  "entry-seen": "Qui vous voit ?",
  "entry-seen-more": "L’agent vous voit. Seulement lui.",
  "entry-kept": "Zéro enregistrement",
  "entry-kept-more": "L’image passe et disparaît.",
  "entry-price": "Gratuit",
  "entry-price-more": "{company} paie l’appel.",
  "entry-emergency": "Urgence ? Contactez le 114.",
  "entry-emergency-more": "Le 114 répond en LSF, jour et nuit.",
  "entry-emergency-link": "Ouvrir urgence114.fr",

  "mirror-title": "Préparez votre image",
  "mirror-asking": "Le navigateur demande votre caméra. Touchez « Autoriser ».",
  "mirror-guide": "Tête, coudes et ventre dans le cadre.",
  "mirror-private": "Cette image reste sur votre appareil.",
  "mirror-light-unknown": "Nous mesurons la lumière.",
  "mirror-light-good": "La lumière est bonne.",
  "mirror-light-too_dark": "Il fait sombre. Allumez une lampe devant vous.",
  "mirror-light-too_bright": "La lumière est trop forte. Éloignez la lampe.",
  "mirror-light-backlit": "La lumière vient de derrière. Tournez-vous.",
  "mirror-light-flat": "L’image est trop pâle. Changez la lumière.",
  "mirror-call": "Appeler maintenant",
  "mirror-skip": "Vous pouvez appeler tout de suite.",
  "eye-title": "Vérifier aussi pendant l’appel ?",
  "eye-what": "Un programme regarde si vos mains se voient bien.",
  "eye-keeps": "Il garde seulement des nombres, zéro image.",
  "eye-free": "Oui ou non : votre appel reste le même.",
  "eye-yes": "Oui",
  "eye-no": "Non",

  "camera-refused": "Le navigateur bloque la caméra.",
  "camera-refused-help": "Touchez le cadenas de l’adresse. Choisissez « Autoriser ».",
  "camera-absent": "Nous cherchons une caméra. Cet appareil en manque.",
  "camera-absent-help": "Branchez une caméra. Puis réessayez.",
  "camera-busy": "Une autre application utilise la caméra.",
  "camera-busy-help": "Fermez cette application. Puis réessayez.",
  "camera-text": "Vous pouvez aussi appeler par texte.",

  "waiting-sending": "Votre appel part.",
  "waiting-next": "Vous êtes la personne suivante.",
  "waiting-position": "Vous êtes numéro {position}.",
  "waiting-found": "Un agent arrive.",
  "waiting-promise": "Notre promesse : 60 secondes.",
  "waiting-late": "Nous dépassons 60 secondes. Pardon.",
  "waiting-late-more": "Votre place reste la même.",
  "wait-short": "Encore moins d’une minute.",
  "wait-under": "Encore moins de {to} minutes.",
  "wait-about": "Encore {to} minutes environ.",
  "wait-between": "Encore {from} à {to} minutes.",
  "wait-long": "Encore plus d’une heure.",
  "waiting-step-place": "Votre place est prise.",
  "waiting-step-search": "Nous cherchons votre agent.",
  "waiting-step-see": "L’agent apparaît et signe.",
  "waiting-step-write": "L’agent vous écrit.",
  "waiting-nobody": "Tous les agents sont absents pour le moment.",
  "waiting-nobody-more": "Vous gardez votre place. Que voulez-vous faire ?",
  "waiting-stay": "J’attends",
  "waiting-leave": "Je quitte",
  "waiting-cancel": "Annuler l’appel",
  "ways-title": "L’attente est longue. Vous choisissez.",
  "ways-free": "Vous pouvez aussi attendre ici.",
  "way-call_back": "Rappelez-moi",
  "way-call_back-more": "Vous gardez votre place.",
  "way-text": "Continuer par texte",
  "way-text-more": "Vous gardez votre place.",
  "way-video_message": "Message vidéo",
  "way-video_message-more": "Vous signez, {company} répond plus tard.",
  "back-title": "Nous vous rappelons",
  "back-more": "Gardez cette page ouverte.",
  "back-sign": "La page clignote doucement et le téléphone vibre.",
  "back-camera": "Votre caméra est éteinte.",
  "back-come": "J’attends ici",
  "back-cancel": "Annuler le rappel",
  "summon-title": "{name} vous rappelle",
  "summon-more": "Touchez le bouton vert.",
  "summon-left": "Encore {seconds} s",
  "summon-come": "Je suis là",
  "unit-second": "seconde",
  "unit-seconds": "secondes",
  "unit-minutes": "minutes",
  "requeue-refused": "Cet agent est pris. Nous cherchons le suivant.",
  "requeue-timed_out": "Cet agent tarde. Nous cherchons le suivant.",
  "requeue-agent_lost": "La connexion de l’agent s’arrête. Un autre arrive.",
  "requeue-no_frame": "L’image de l’agent manque. Nous cherchons un autre agent.",
  "requeue-rescinded": "Cet agent part. Nous cherchons le suivant.",
  "requeue-transferred": "Votre appel passe à une autre personne.",
  "requeue-not_understood": "Un autre agent arrive. Vous passez en premier.",
  "requeue-other": "Nous cherchons un autre agent.",

  "call-connecting": "{name} arrive.",
  "call-connecting-text": "{name} arrive et vous écrit.",
  "call-title": "Conversation avec {name}",
  "call-with": "{name} vous répond",
  "call-hang-up": "Raccrocher",
  "call-doubt": "Je ne comprends pas",
  "doubt-title": "Changer d’agent ?",
  "doubt-more": "Un autre agent vous répond. Vous passez en premier.",
  "doubt-yes": "Oui, changer",
  "doubt-no": "Non, rester",
  "call-attention": "Faire signe",
  "call-waved": "{name} vous fait signe.",
  "call-sound-open": "Ouvrir le micro",
  "call-sound-close": "Couper le micro",
  "call-sound-on": "Le micro est ouvert.",
  "call-sound-missing": "Le micro manque ou le navigateur le bloque.",
  "call-tap": "Toucher pour voir",
  "call-reconnecting": "Votre connexion revient. Restez là.",
  "call-media-back": "L’image revient. Le texte marche.",
  "peer-reconnecting": "La connexion de {name} revient.",
  "peer-adjusting": "{name} s’installe mieux.",
  "peer-hidden": "{name} regarde un autre écran.",

  "self-title": "Vous",
  "self-hide": "Cacher mon image",
  "self-show": "Voir mon image",
  "self-move": "Déplacer mon image",

  "text-title": "Texte",
  "text-you": "Vous",
  "text-here": "Écrivez ici",
  "text-hint": "Écrivez ici. L’autre lit chaque lettre.",
  "text-empty": "Le texte apparaît ici, lettre par lettre.",

  "verdict-legible": "On voit bien vos signes.",
  "verdict-at_risk": "Vos signes se voient moins bien.",
  "verdict-lost": "Vos signes disparaissent.",
  "eye-too_dark": "Il fait sombre. Allumez une lampe.",
  "eye-backlit": "La lumière vient de derrière. Tournez-vous.",
  "eye-frozen": "Votre image se fige. Rapprochez-vous du Wi-Fi.",
  "eye-hands_never_seen": "Montrez vos mains dans le cadre.",
  "eye-hands_cut": "Vos mains sortent du cadre. Reculez un peu.",
  "eye-camera_covered": "Quelque chose couvre la caméra.",
  "eye-low_frame_rate": "L’image saute. Fermez les autres applications.",
  "eye-face_cut": "Votre visage sort du cadre.",
  "eye-too_far": "Vous êtes loin. Avancez un peu.",
  "eye-too_close": "Vous êtes près. Reculez un peu.",
  "eye-low_contrast": "Le fond ressemble à vos mains. Changez de fond.",
  "eye-blurred": "L’image est floue. Nettoyez la caméra.",
  "eye-low_resolution": "L’image est petite. Rapprochez-vous du Wi-Fi.",
  "eye-other": "Regardez votre image et bougez un peu.",
  "eye-stop": "Arrêter la vérification",
  "eye-start": "Vérifier mon image",

  "ended-title": "Appel terminé",
  "ended-abandoned": "Vous quittez la file. Rappelez quand vous voulez.",
  "ended-no_one_there": "Tous les agents étaient absents. Pardon.",
  "ended-caller_hung_up": "Merci. À bientôt.",
  "ended-agent_hung_up": "L’agent termine l’appel. À bientôt.",
  "ended-caller_lost": "Votre connexion s’est arrêtée. Rappelez-nous.",
  "ended-lost_waiting": "Votre connexion s’est arrêtée. Rappelez-nous.",
  "ended-technical": "L’image de l’agent manque. C’est notre faute.",
  "ended-left_another_way": "Vous choisissez le message vidéo. Votre place est libre.",
  "ended-call_back_missed": "Nous avons rappelé. Appelez de nouveau.",
  "ended-other": "L’appel s’arrête ici.",
  "ended-waited": "Attente",
  "ended-talked": "Conversation",
  "ended-same": "Avec la même personne",
  "ended-message": "Laisser mon message vidéo",
  "ended-again": "Appeler de nouveau",
  "ended-home": "Page d’accueil",
  "rate-title": "Comment était l’appel ?",
  "rate-good": "Bien",
  "rate-fair": "Moyen",
  "rate-bad": "Mauvais",
  "rate-thanks": "Merci pour votre avis.",

  "closed-title": "{company} est fermé",
  "closed-opens": "Ouverture {when}.",
  "closed-unknown": "La prochaine date arrive bientôt.",
  "closed-again": "Revenez à ce moment.",

  "superseded-title": "L’appel continue ailleurs",
  "superseded-more": "Une autre fenêtre montre cet appel.",
  "superseded-here": "Continuer ici",

  "gone-title": "La connexion manque",
  "gone-more": "Vérifiez le Wi-Fi. Puis réessayez.",
};

/** Every key with its French. */
export const TEXTS = { ...CALLER_TEXTS, ...CONSOLE_TEXTS, ...PROBLEM_TEXTS };

/** @typedef {keyof typeof TEXTS} TextKey */

/** @type {Readonly<Record<string, string>>} */
const BY_KEY = TEXTS;

/**
 * The sentence of a key, its `{facts}` filled in.
 * @param {TextKey} key
 * @param {Readonly<Record<string, string | number>>} [facts]
 */
export function text(key, facts = {}) {
  const filled = TEXTS[key].replace(
    /\{(\w+)\}/g,
    (_, name) => String(facts[name] ?? ""),
  );
  return filled.replace(/ (?=[?!:;»])/g, "\u00a0").replace(/« /g, "«\u00a0");
}

/**
 * The key for a word that the server chose, or the general one of its family.
 * @param {"problem" | "ended" | "requeue" | "eye" | "offer-ended" | "wrap" | "why"} family
 * @param {string} word
 * @returns {TextKey}
 */
export function keyOf(family, word) {
  const key = `${family}-${word}`;
  return /** @type {TextKey} */ (key in BY_KEY ? key : `${family}-other`);
}

/**
 * An opening time as people say it: « lundi 23 novembre à 09:00 », in Paris's time.
 * @param {string} iso a moment with its offset
 */
export function when(iso) {
  return new Intl.DateTimeFormat("fr-FR", {
    weekday: "long",
    day: "numeric",
    month: "long",
    hour: "2-digit",
    minute: "2-digit",
    timeZone: "Europe/Paris",
  }).format(new Date(iso));
}
