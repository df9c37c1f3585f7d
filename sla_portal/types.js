/** What the portal's server says; a test holds these types to `ledger/model.py`. */

/**
 * @typedef {"waiting" | "answered" | "abandoned" | "short" | "left_another_way"
 *   | "no_one_there" | "technical" | "technical_caller" | "refused" | "closed"} Outcome
 */

/**
 * @typedef {object} CallRow
 * @property {string} call
 * @property {number} leg
 * @property {string} service
 * @property {string | null} topic
 * @property {string | null} mode
 * @property {number} t0_ms
 * @property {number | null} wait_ms
 * @property {Outcome} outcome
 * @property {boolean} in_time
 * @property {boolean} breach
 * @property {boolean} live
 * @property {string | null} evidence
 * @property {number | null} browser_ms
 * @property {number | null} talk_ms
 * @property {number} offers
 * @property {string | null} end_reason
 * @property {string | null} way
 * @property {number} watched_s
 * @property {number} legible_s
 */

/**
 * @typedef {object} Figures
 * @property {number} offered
 * @property {number} answered
 * @property {number} in_time
 * @property {number} abandoned
 * @property {number} breaches
 * @property {number} short
 * @property {number} left_another_way
 * @property {number} no_one_there
 * @property {number} technical
 * @property {number} technical_caller
 * @property {number} refused
 * @property {number} closed
 * @property {number} waiting
 * @property {number} talking
 * @property {number | null} longest_wait_ms
 * @property {number} denominator
 * @property {number | null} service_level
 * @property {number} later_legs
 * @property {number} later_answered
 * @property {number} later_in_time
 * @property {number} later_breaches
 * @property {number} watched_calls
 * @property {number} watched_s
 * @property {number | null} legible_share
 */

/**
 * @typedef {object} ChainEnd
 * @property {number} position
 * @property {string} digest
 */

/**
 * @typedef {object} StandingAlert
 * @property {string} service
 * @property {string} alert
 * @property {number} window_s
 * @property {number} burn_permille
 */

/**
 * @typedef {object} HalfHour
 * @property {number} begin_ms
 * @property {Counters} counters
 * @property {Level} level
 * @property {number | null} p50_us
 * @property {number | null} p95_us
 */

/**
 * @typedef {object} HalfHours
 * @property {string} date
 * @property {readonly HalfHour[]} half_hours
 */

/**
 * @typedef {object} News
 * @property {number} as_of_ms
 * @property {Figures} figures
 * @property {readonly CallRow[]} calls
 * @property {number} calls_total
 * @property {ChainEnd} chain
 * @property {Readonly<Record<string, number>> | null} staff
 * @property {readonly StandingAlert[] | null} alerts
 */

/**
 * @typedef {object} DaySheet
 * @property {string} company
 * @property {string} date
 * @property {string} timezone
 * @property {boolean} is_today
 * @property {number} as_of_ms
 * @property {number} rules
 * @property {number} target_ms
 * @property {Figures} figures
 * @property {readonly CallRow[]} calls
 * @property {number} calls_total
 * @property {ChainEnd} chain
 */

/**
 * @typedef {object} ServiceFacts
 * @property {string} id
 * @property {string} title
 * @property {Readonly<Record<string, string>>} topics
 */

/**
 * @typedef {object} Me
 * @property {string} name
 * @property {string} company
 * @property {readonly ServiceFacts[]} services
 */

/**
 * @typedef {object} Counters
 * @property {number} offered
 * @property {number} answered
 * @property {number} in_time
 * @property {number} abandoned
 * @property {number} short
 * @property {number} left_in_target
 * @property {number} left_another_way
 * @property {number} no_one_there
 * @property {number} technical
 * @property {number} technical_caller
 * @property {number} refused
 * @property {number} closed
 * @property {number} waiting
 * @property {number} waiting_late
 * @property {number} breaches
 * @property {number} reoffers
 * @property {number} later_legs
 * @property {number} later_answered
 * @property {number} later_in_time
 * @property {number} later_breaches
 * @property {number} watched
 * @property {number} watched_s
 * @property {number} legible_s
 */

/**
 * @typedef {object} Level
 * @property {number} part
 * @property {number} whole
 * @property {number | null} shown
 */

/**
 * @typedef {object} DayLine
 * @property {string} date
 * @property {Counters} counters
 * @property {Level} level
 */

/**
 * @typedef {object} BilledLine
 * @property {string} service
 * @property {string} offer
 * @property {number} per_minute
 * @property {number} lines
 * @property {number} seconds
 * @property {number} free_lines
 */

/**
 * @typedef {object} Report
 * @property {string} company
 * @property {string | null} service
 * @property {string} window
 * @property {number} rules
 * @property {number} position
 * @property {number} as_of_us
 * @property {Counters} counters
 * @property {Counters} excess
 * @property {Level} level
 * @property {Readonly<Record<string, Level>>} formulas
 * @property {Readonly<Record<string, number | null>>} waits
 * @property {readonly number[]} histogram
 * @property {number | null} longest_us
 * @property {readonly (readonly number[])[]} patience
 * @property {Readonly<Record<string, number>>} topics
 * @property {readonly BilledLine[]} billed
 * @property {readonly DayLine[]} days
 */

/**
 * @typedef {object} DayWaits
 * @property {string} date
 * @property {Readonly<Record<string, number | null>>} waits
 */

/**
 * @typedef {object} Cell
 * @property {number} offered
 * @property {Level} level
 */

/**
 * @typedef {object} History
 * @property {Report} report
 * @property {Report | null} before
 * @property {readonly DayWaits[]} days
 * @property {readonly (readonly Cell[])[]} week
 */

/**
 * @typedef {object} GivenHeadFacts
 * @property {string} day
 * @property {number} position
 * @property {string} digest
 * @property {string} previous
 * @property {string} key
 * @property {string} signature
 */

/**
 * @typedef {object} KeyFacts
 * @property {string} id
 * @property {string} public
 * @property {number} since_us
 * @property {string} signature
 */

/**
 * @typedef {object} Heads
 * @property {number} illico_heads
 * @property {string} company
 * @property {ChainEnd} end
 * @property {readonly GivenHeadFacts[]} heads
 * @property {readonly KeyFacts[]} keys
 */

/**
 * @typedef {object} ApiKey
 * @property {string} id
 * @property {string} name
 * @property {string} begins
 * @property {readonly string[]} scopes
 * @property {number} created_ms
 * @property {number | null} revoked_ms
 */

/**
 * @typedef {object} ApiKeys
 * @property {readonly ApiKey[]} keys
 * @property {string | null} secret
 */

/**
 * @typedef {object} Refusal
 * @property {string} code
 * @property {string} text
 */

export {};
