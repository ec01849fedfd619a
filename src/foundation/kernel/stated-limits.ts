// The limits that sentences of pages, mails and the command line state. The rule that enforces a limit reads it here, so that no sentence
// says another number. A limit that no sentence states stands beside its rule.
import { days, type Duration, hours, minutes, seconds } from './time.ts'

/** How long "This wasn't me" and the undo of a new email work. */
export const ANSWER_LIFETIME: Duration = days(7)

/** How long a new email waits for its confirmation. */
export const CONFIRMATION_LIFETIME: Duration = days(1)

/** How long the link works with which an admin asks for a confirmation. A user is asked once in this time at most. */
export const ASKED_LIFETIME: Duration = days(7)

/** To how many users one request mails a link to confirm their email. */
export const MOST_ASKED_AT_ONCE = 1000

/** How long the link of a password reset works. */
export const RESET_LIFETIME: Duration = minutes(30)

/** How many mails of one kind others can have sent to a user in an hour. */
export const MAILS_AN_HOUR = 3

/** How long a device waits for the user who types its code. */
export const DEVICE_CODE_LIFETIME: Duration = minutes(10)

/** How long the mailed link of a registration works. */
export const REGISTRATION_LINK_LIFETIME: Duration = hours(1)

/** How long a registration waits for an admin before it is deleted. */
export const WAITING_LIFETIME: Duration = days(30)

/** Admins are notified of waiting registrations at most once in this time. */
export const NOTIFIED_EVERY: Duration = days(1)

/** How long before the end of an account its user is notified, the earlier notice first. */
export const EXPIRY_WARNINGS: readonly [Duration, Duration] = [days(14), days(1)]

/** How many users a list invites. */
export const MOST_LINES = 1000

export const USERNAME_MAXIMUM = 64
export const GROUP_NAME_MAXIMUM = 64
export const CLIENT_NAME_MAXIMUM = 64
/** How large the file of an app's icon may be, in KiB, and its sides, in pixels. */
export const ICON_KIB_MAXIMUM = 64
export const ICON_SIDES = { least: 16, most: 1024 } as const

/** How many members are added at once. */
export const MOST_ADDED = 1000

/** How many unknown or taken names may be tried before the first backoff. */
export const NAMES_BEFORE_BACKOFF = 20

/** After this time without another one, taken names count from zero again. */
export const NAMES_COUNT_FOR: Duration = days(1)

export const MOST_ATTRIBUTES = 50
/** How few choices an attribute with choices may have. */
export const LEAST_CHOICES = 2
export const LABEL_MAXIMUM = 60
export const ATTRIBUTE_KEY_MAXIMUM = 40

/** Few enough digits that a number keeps all of them (IEEE 754 double precision). */
export const NUMBER_DIGITS = 15

/** The lifetimes that an API token may have. */
export const TOKEN_LIFETIMES = { shortest: hours(1), longest: days(366) } as const

/** How long ago an app can let an authentication be: as long as a code lives, or a slow browser would be asked again and again, up to a year. */
export const APP_AGES = { shortest: minutes(1), longest: days(365) } as const

export const CODES_IN_A_SET = 10

/** The parameters that every authenticator app supports. */
export const TOTP_DIGITS = 6
export const TOTP_PERIOD: Duration = seconds(30)

/** The digits that the codes of imported secrets may have. */
export const IMPORTED_TOTP_DIGITS = [6, 8] as const

/** How far in the future a version of a policy may begin. */
export const FARTHEST_YEARS = 10
export const FARTHEST_VERSION: Duration = days(366 * FARTHEST_YEARS)

/** So long before a deadline users are reminded, and can set up what it asks for. */
export const TIME_TO_ACT: Duration = days(7)

/** How long before the deadline of a policy its users are reminded, the earlier reminder first. */
export const POLICY_REMINDERS: readonly [Duration, Duration] = [days(7), days(1)]

/** An exemption is for a while: an admin who gives it for longer gives it again, with a reason of that time. */
export const LONGEST_EXEMPTION: Duration = days(366)

/** How long an exemption of the help desk lasts at most. */
export const LONGEST_HELP_EXEMPTION: Duration = days(14)

/** How long a user whom the help desk has exempted waits for its next exemption, from whichever policy. */
export const HELP_EXEMPTION_EVERY: Duration = days(90)

/** How many days of progress a chart of a policy needs. */
export const LEAST_DAYS_OF_PROGRESS = 3

/** How long the outbox keeps a mail that was sent or given up. */
export const MAIL_KEPT: Duration = days(7)

/** How many days the overview shows. */
export const DAYS_SHOWN = 30

/** How long jumps of the server's clock are kept. */
export const CLOCK_JUMPS_KEPT: Duration = days(30)

/** The absolute end of a family, counted from the authentication (OWASP ASVS 10.4.8). */
export const FAMILY_LIFETIME: Duration = days(180)

/** How long a JWT lives that is an access token. Nothing ends it before, so it lives as long as a remembered answer of an introspection may. */
export const LONGEST_JWT: Duration = minutes(5)
