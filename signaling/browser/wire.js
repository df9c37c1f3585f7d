// Made by `python -m signaling.browser_types` from signaling.protocol: do not edit.
/** The protocol version that these types describe. */
export const PROTOCOL_VERSION = 1;
/** The largest message that the server reads, in bytes. */
export const MAX_MESSAGE_BYTES = 65536;
/**
 * How the two people speak.
 * @typedef {"video" | "text"} Mode
 */
/**
 * Another way out of a long wait. It never counts as answered in time (rules).
 * @typedef {"call_back" | "video_message" | "text"} Overflow
 */
/**
 * The caller's three signed answers after a call.
 * @typedef {"good" | "fair" | "bad"} Face
 */
/**
 * Why a page must make a new leg.
 * @typedef {"silent" | "relay_gone" | "relay_leaves" | "no_relay"} LegWhy
 */
/**
 * Why a call rings at this agent now.
 * @typedef {"first_offer" | "again" | "call_back" | "transfer" | "not_understood" | "preferred"} OfferReason
 */
/**
 * What an agent's own console shows.
 * @typedef {"away" | "ready" | "ringing" | "connecting" | "in_call" | "wrap_up" | "break"} AgentStatus
 */
/**
 * Whose words, picture or gesture it is.
 * @typedef {"caller" | "agent" | "supervisor" | "expert" | "trainee"} Speaker
 */
/**
 * What one side is told about the other.
 * @typedef {"here" | "reconnecting" | "adjusting" | "hidden"} Presence
 */
/**
 * The eye's verdict over its window, or that it cannot confirm its advice.
 * @typedef {"legible" | "at_risk" | "lost" | "unjudged"} Legibility
 */
/**
 * Why a service is closed at an hour at which it would else be open.
 * @typedef {"holiday"} ClosedReason
 */
/**
 * One entry of WebRTC's `iceServers`, with credentials for one leg.
 * @typedef {object} IceServer
 * @property {readonly string[]} urls
 * @property {string} username
 * @property {string} credential
 */
/**
 * Another service of the same company.
 * @typedef {object} ServiceChoice
 * @property {string} slug
 * @property {string} title
 * @property {readonly Topic[]} topics
 */
/**
 * What a call may be about, in people's words.
 * @typedef {object} Topic
 * @property {string} slug
 * @property {string} label
 */
/**
 * Somebody who is signed in and could serve this call.
 * @typedef {object} Colleague
 * @property {string} agent
 * @property {string} name
 * @property {AgentStatus} status
 */
/**
 * First on every socket: the protocol versions that the page speaks.
 * @typedef {object} Hello
 * @property {"hello"} type
 * @property {readonly number[]} versions
 */
/**
 * A page's heartbeat; answered by `Pong` with the same number.
 * @typedef {object} Ping
 * @property {"ping"} type
 * @property {number} n
 */
/**
 * A caller presses *Appeler*. T0 is the moment the queue takes it.
 *
 * `request` makes a second sending harmless; `eye` is the caller's explicit yes to
 * the legibility check on the relay. `variant` is another way to be served than the
 * service's own, `again` the word that `Ended` gave: the same agent, if they can.
 * @typedef {object} CallRequest
 * @property {"call_request"} type
 * @property {string} request
 * @property {string} service
 * @property {Mode} mode
 * @property {boolean} eye
 * @property {string | null} [topic]
 * @property {string | null} [variant]
 * @property {string | null} [again]
 */
/**
 * A caller comes back with the ticket of a live call; the newest socket wins.
 *
 * `away` says that only the page is back: its caller has asked to be called back,
 * and still is not there.
 * @typedef {object} Resume
 * @property {"resume"} type
 * @property {string} request
 * @property {string} ticket
 * @property {boolean} [away]
 */
/**
 * A page is about to make a leg: it needs the TURN servers that `Welcome` spoke of.
 * @typedef {object} LegWish
 * @property {"leg_wish"} type
 * @property {string} call
 * @property {string} leg
 */
/**
 * An SDP offer for this participant's media leg on the call's relay.
 *
 * The same `leg` renegotiates; a new one replaces the participant's leg.
 * @typedef {object} LegOffer
 * @property {"leg_offer"} type
 * @property {string} call
 * @property {string} leg
 * @property {string} sdp
 */
/**
 * Nothing has arrived on a leg that was up: the relay may be gone.
 * @typedef {object} MediaLost
 * @property {"media_lost"} type
 * @property {string} call
 * @property {string} leg
 */
/**
 * Evidence that the caller's page presented the agent's first frame.
 *
 * `elapsed_ms` runs from the press on *Appeler* (after a reload from T0) to
 * `expectedDisplayTime`, or to the page's hearing of the frame if that is later;
 * `hidden` says that the page was in the background when it came.
 * @typedef {object} FirstFrame
 * @property {"first_frame"} type
 * @property {string} call
 * @property {number} elapsed_ms
 * @property {boolean} [hidden]
 */
/**
 * The agent's picture has come and shows nothing: a covered camera is no evidence.
 * @typedef {object} BlankFrame
 * @property {"blank_frame"} type
 * @property {string} call
 */
/**
 * Evidence in a text call: the agent's first own words are on the screen.
 * @typedef {object} TextShown
 * @property {"text_shown"} type
 * @property {string} call
 * @property {number} elapsed_ms
 */
/**
 * Real-time text as it is typed (T.140: U+0008 erases, U+2028 ends a line).
 * @typedef {object} Text
 * @property {"text"} type
 * @property {string} call
 * @property {string} chars
 */
/**
 * The waving button: a soft pulse around the other side's picture.
 * @typedef {object} Attention
 * @property {"attention"} type
 * @property {string} call
 */
/**
 * The page went to the background, or came back.
 * @typedef {object} Visibility
 * @property {"visibility"} type
 * @property {string} call
 * @property {boolean} hidden
 */
/**
 * This person's yes or no to the legibility check; a no works at once.
 * @typedef {object} EyeConsent
 * @property {"eye_consent"} type
 * @property {string} call
 * @property {boolean} yes
 */
/**
 * The caller takes one of the ways out that `OverflowOffered` named.
 * @typedef {object} LeaveAnotherWay
 * @property {"leave_another_way"} type
 * @property {string} request
 * @property {string} call
 * @property {Overflow} way
 */
/**
 * Whoever asked to be called back is there again: waiting, or answering.
 * @typedef {object} ComeBack
 * @property {"come_back"} type
 * @property {string} request
 * @property {string} call
 */
/**
 * The caller does not understand this agent: another one, and in first place.
 * @typedef {object} NotUnderstood
 * @property {"not_understood"} type
 * @property {string} request
 * @property {string} call
 */
/**
 * This side ends the call; `difficult` is the agent's *appel difficile*.
 * @typedef {object} HangUp
 * @property {"hang_up"} type
 * @property {string} call
 * @property {boolean} [difficult]
 */
/**
 * One of the three faces, after the end.
 * @typedef {object} Rate
 * @property {"rate"} type
 * @property {string} call
 * @property {Face} face
 */
/**
 * The agent can take calls from now on.
 * @typedef {object} AgentReady
 * @property {"agent_ready"} type
 * @property {string} request
 */
/**
 * The agent takes no calls for now.
 * @typedef {object} AgentAway
 * @property {"agent_away"} type
 * @property {string} request
 */
/**
 * The agent takes a break: now, or after the call that they are in.
 * @typedef {object} AgentBreak
 * @property {"agent_break"} type
 * @property {string} request
 */
/**
 * The agent takes the ringing call: a human act.
 * @typedef {object} Accept
 * @property {"accept"} type
 * @property {string} request
 * @property {string} call
 * @property {number} token
 */
/**
 * The agent passes the ringing call on; the caller keeps the place.
 * @typedef {object} Refuse
 * @property {"refuse"} type
 * @property {string} request
 * @property {string} call
 * @property {number} token
 */
/**
 * The agent has finished the notes of the last call.
 * @typedef {object} WrapUpDone
 * @property {"wrap_up_done"} type
 * @property {string} request
 * @property {boolean} ready
 */
/**
 * The agent asks where this call could go; answered by `TransferOffer`.
 * @typedef {object} TransferChoices
 * @property {"transfer_choices"} type
 * @property {string} call
 */
/**
 * The agent hands the call over to another service of the same company.
 * @typedef {object} TransferToService
 * @property {"transfer_to_service"} type
 * @property {string} request
 * @property {string} call
 * @property {number} token
 * @property {string} service
 * @property {string | null} [topic]
 */
/**
 * The agent hands the call over to a colleague.
 * @typedef {object} TransferToAgent
 * @property {"transfer_to_agent"} type
 * @property {string} request
 * @property {string} call
 * @property {number} token
 * @property {string} to
 */
/**
 * The version that both speak; `turn`: ask for each leg's servers (`LegWish`).
 * @typedef {object} Welcome
 * @property {"welcome"} type
 * @property {number} version
 * @property {string} connection
 * @property {boolean} turn
 * @property {number} heartbeat_ms
 */
/**
 * The answer to `Ping`.
 * @typedef {object} Pong
 * @property {"pong"} type
 * @property {number} n
 */
/**
 * The call is in the queue (or was found again). The page's clock starts here.
 *
 * `waited_ms` is the time since T0 at the moment of sending (0 for a new call).
 * @typedef {object} Ticket
 * @property {"ticket"} type
 * @property {string} request
 * @property {string} call
 * @property {string} ticket
 * @property {Mode} mode
 * @property {boolean} eye
 * @property {number} waited_ms
 */
/**
 * Where the caller stands: 1 is next. `nobody` says that no signed-in agent fits.
 *
 * `low_s` to `high_s` is how many seconds from now the wait will probably last;
 * null while nobody can tell.
 * @typedef {object} Waiting
 * @property {"waiting"} type
 * @property {string} call
 * @property {number} position
 * @property {number} waited_ms
 * @property {boolean} nobody
 * @property {number | null} low_s
 * @property {number | null} high_s
 */
/**
 * The wait is long: other ways out that the caller may take, or not.
 * @typedef {object} OverflowOffered
 * @property {"overflow_offered"} type
 * @property {string} call
 * @property {readonly Overflow[]} ways
 */
/**
 * The caller may go, the place stays: this page rings when an agent is there.
 * @typedef {object} CalledBackLater
 * @property {"called_back_later"} type
 * @property {string} call
 */
/**
 * An agent calls back: ring, so that the caller comes.
 *
 * Within `expires_ms`, which a page that has just come back is not told.
 * @typedef {object} Summoned
 * @property {"summoned"} type
 * @property {string} call
 * @property {string} name
 * @property {number | null} expires_ms
 */
/**
 * An agent's console rings for this caller: send at full rate from now on.
 * @typedef {object} AgentFound
 * @property {"agent_found"} type
 * @property {string} call
 */
/**
 * The agent accepted; pictures are on their way. `name` is the agent's.
 * @typedef {object} Connecting
 * @property {"connecting"} type
 * @property {string} call
 * @property {string} name
 */
/**
 * The call is answered: T1 is recorded. `talk_ms` is the time since then.
 * @typedef {object} InCall
 * @property {"in_call"} type
 * @property {string} call
 * @property {string} name
 * @property {number} talk_ms
 */
/**
 * Back in the queue; `reason` says why, for people.
 *
 * With the same T0, except after a transfer and "I do not understand": then a new
 * clock begins. `waited_ms` is the time on the one that runs.
 * @typedef {object} Requeued
 * @property {"requeued"} type
 * @property {string} call
 * @property {string} reason
 * @property {number} waited_ms
 */
/**
 * The TURN servers for one leg, whose credentials live ten minutes from now.
 * @typedef {object} IceServers
 * @property {"ice_servers"} type
 * @property {string} call
 * @property {string} leg
 * @property {readonly IceServer[]} ice_servers
 */
/**
 * The relay's SDP answer to `LegOffer`.
 * @typedef {object} LegAnswer
 * @property {"leg_answer"} type
 * @property {string} call
 * @property {string} leg
 * @property {string} sdp
 */
/**
 * This participant's media have no way any more: the page builds a new leg.
 *
 * Where the relay only leaves, the old leg lives until the new one is up.
 * @typedef {object} LegLost
 * @property {"leg_lost"} type
 * @property {string} call
 * @property {string} leg
 * @property {LegWhy} why
 */
/**
 * A call rings in the agent's console; `Accept` must carry the same token.
 *
 * `why` says why it rings here, `variant` how the caller wants to be served (in
 * people's words; null: as the service usually does).
 * @typedef {object} Offer
 * @property {"offer"} type
 * @property {string} call
 * @property {number} token
 * @property {string} company
 * @property {string} service
 * @property {string | null} topic
 * @property {string | null} variant
 * @property {Mode} mode
 * @property {OfferReason} why
 * @property {number} waited_ms
 * @property {number} expires_ms
 */
/**
 * The ringing is over without this agent; `reason` is a reservation's end.
 * @typedef {object} OfferEnded
 * @property {"offer_ended"} type
 * @property {string} call
 * @property {number} token
 * @property {string} reason
 */
/**
 * The agent's own state. `remaining_ms` where the state ends by itself.
 *
 * `cool_ms` is how long the agent rests before any call, whatever they want;
 * `wish` the state that follows this one, where they have asked for another.
 * @typedef {object} AgentState
 * @property {"agent_state"} type
 * @property {AgentStatus} status
 * @property {string | null} call
 * @property {number | null} token
 * @property {number | null} remaining_ms
 * @property {number | null} cool_ms
 * @property {AgentStatus | null} wish
 */
/**
 * The call that this agent is in, for a console that has just (re)loaded.
 * @typedef {object} AgentCall
 * @property {"agent_call"} type
 * @property {string} call
 * @property {number} token
 * @property {string} company
 * @property {string} service
 * @property {string | null} topic
 * @property {string | null} variant
 * @property {Mode} mode
 * @property {number} talk_ms
 */
/**
 * Where this call could go; the answer to `TransferChoices`.
 * @typedef {object} TransferOffer
 * @property {"transfer_offer"} type
 * @property {string} call
 * @property {readonly ServiceChoice[]} services
 * @property {readonly Colleague[]} colleagues
 */
/**
 * Real-time text of another participant.
 * @typedef {object} TextFrom
 * @property {"text_from"} type
 * @property {string} call
 * @property {Speaker} speaker
 * @property {string} chars
 */
/**
 * Another participant waves.
 * @typedef {object} AttentionFrom
 * @property {"attention_from"} type
 * @property {string} call
 * @property {Speaker} speaker
 */
/**
 * How another participant is: here, reconnecting, adjusting, page hidden.
 * @typedef {object} Peer
 * @property {"peer"} type
 * @property {string} call
 * @property {Speaker} speaker
 * @property {Presence} presence
 */
/**
 * The eye's verdict on **this** person's picture, with reasons in rank order.
 * @typedef {object} Verdict
 * @property {"verdict"} type
 * @property {string} call
 * @property {Legibility} legibility
 * @property {readonly string[]} reasons
 */
/**
 * The call is over, and why; `waited_ms` and `talk_ms` for the end page.
 *
 * `again` is a caller's word for the same agent in the next `CallRequest`, for a
 * quarter of an hour.
 * @typedef {object} Ended
 * @property {"ended"} type
 * @property {string} call
 * @property {string} reason
 * @property {number} waited_ms
 * @property {number} talk_ms
 * @property {string | null} again
 */
/**
 * Outside the opening hours; `opens_at` is ISO 8601 in Europe/Paris.
 *
 * `reason` only where there is more to say than that.
 * @typedef {object} Closed
 * @property {"closed"} type
 * @property {string} service
 * @property {string | null} opens_at
 * @property {ClosedReason | null} reason
 */
/**
 * A refusal. `code` is stable; `text` is for people and may change.
 * @typedef {object} Problem
 * @property {"problem"} type
 * @property {string} code
 * @property {string} text
 * @property {string | null} request
 */
/**
 * What a page may send.
 * @typedef {(
 *   | Hello
 *   | Ping
 *   | CallRequest
 *   | Resume
 *   | LegWish
 *   | LegOffer
 *   | MediaLost
 *   | FirstFrame
 *   | BlankFrame
 *   | TextShown
 *   | Text
 *   | Attention
 *   | Visibility
 *   | EyeConsent
 *   | LeaveAnotherWay
 *   | ComeBack
 *   | NotUnderstood
 *   | HangUp
 *   | Rate
 *   | AgentReady
 *   | AgentAway
 *   | AgentBreak
 *   | Accept
 *   | Refuse
 *   | WrapUpDone
 *   | TransferChoices
 *   | TransferToService
 *   | TransferToAgent
 * )} ClientMessage
 */
/**
 * What a page may receive.
 * @typedef {(
 *   | Welcome
 *   | Pong
 *   | Ticket
 *   | Waiting
 *   | OverflowOffered
 *   | CalledBackLater
 *   | Summoned
 *   | AgentFound
 *   | Connecting
 *   | InCall
 *   | Requeued
 *   | IceServers
 *   | LegAnswer
 *   | LegLost
 *   | Offer
 *   | OfferEnded
 *   | AgentState
 *   | AgentCall
 *   | TransferOffer
 *   | TextFrom
 *   | AttentionFrom
 *   | Peer
 *   | Verdict
 *   | Ended
 *   | Closed
 *   | Problem
 * )} ServerMessage
 */
