// The roll-out of policies: plan, exemptions, progress, and what users read before and at a deadline.
import { LEAST_DAYS_OF_PROGRESS, LONGEST_EXEMPTION } from '#foundation/kernel/stated-limits.ts'
import { permissionNames } from './permission-names.ts'
import { quoted } from './quoted.ts'
import { stated } from './stated.ts'
const reasons: Readonly<
  Record<'no-second-factor' | 'app-not-allowed' | 'passkey-not-allowed' | 'no-factor-left', string>
> = {
  'no-second-factor': 'No second step',
  'app-not-allowed': 'Only an authenticator app',
  'passkey-not-allowed': 'Only a passkey',
  'no-factor-left': 'No allowed second step left',
}

/** What a user may set up: one kind, or a choice. */
type NeededFactor = 'passkey' | 'totp' | 'any'
type SentencesOfDay = Readonly<Record<NeededFactor, (day: string) => string>>

export const rollout = {
  reasons,
  withOther: (reason: string, otherPolicy: string) => `${reason}, together with “${otherPolicy}”`,
  states: {
    stopped: 'Not ready',
    'already-stopped': 'Already required',
    joining: 'Not joined yet',
  },
  plan: {
    title: 'Who isn’t ready',
    /** On the page of a policy, and before it is stored. */
    card: 'Rollout',
    lead: 'At their next sign-in, these users must set up a second step that the policy allows.',
    leadOfDeadline: (deadline: string) =>
      `From ${deadline}, these users must set up a second step that the policy allows when they next sign in.`,
    users: (count: number) => `Applies to ${count} ${count === 1 ? 'user' : 'users'}.`,
    noUser: 'No one has anything to set up',
    none: 'No users here.',
    caption: 'Users who aren’t ready',
    show: 'Show',
    all: 'All',
    user: 'User',
    why: 'Why',
    state: 'State',
    exempt: 'Exempt',
    statesHint:
      'Already required: another policy or the configuration asks for the same today. Not joined yet: they’ll set up a second step with their invitation.',
    open: 'Who isn’t ready',
    summary: (count: number) =>
      count === 1 ? '1 user still has something to set up' : `${count} users still have something to set up`,
    hasPermissions: 'With permissions',
    withPermissions: (count: number) =>
      count === 1 ? '1 of them has permissions.' : `${count} of them have permissions.`,
    noEmail: 'No email',
    withoutEmail: (count: number) =>
      count === 1
        ? '1 of them has no email, so reminders don’t reach them. Tell them in another way.'
        : `${count} of them have no email, so reminders don’t reach them. Tell them in another way.`,
    titleWithPermissions: 'Users with permissions',
    titleWithout: 'Users without permissions',
    /** What users who are exempt sign in with at that time. */
    whileExempt: {
      optional:
        'Users you exempt don’t need a second step, unless another policy asks for one or they have permissions.',
      required: 'Users you exempt still need a second step.',
      'phishing-resistant': 'Users you exempt still need a passkey.',
    },
    passwords: (minimum: number) =>
      `While a second step is optional, new passwords of all users need at least ${minimum} characters. Existing passwords still work.`,
    more: (count: number) => (count === 1 ? 'And 1 more user.' : `And ${count} more users.`),
    noNames: `To see the names of users, you need the permission ${quoted(permissionNames['users:read'])}.`,
  },
  exemptions: {
    title: 'Exemptions',
    lead: 'Until their exemption ends, these users sign in as they did before the policy asked for more. Users with permissions always need a second step.',
    caption: 'Exempt users',
    user: 'User',
    until: 'Until',
    ended: 'Ended',
    by: 'Given by',
    operator: 'The operator',
    byHelp: 'help desk',
    untilThen: 'Second step',
    /** By what is asked of the user until the exemption ends. */
    asked: { optional: 'Not needed', required: 'Needed', 'phishing-resistant': 'Passkey needed' },
    none: 'No exemptions',
    add: 'Exempt a user',
    open: 'Exemptions',
    end: 'End',
    endTitle: (name: string, policy: string) => `End the exemption for ${name} from “${policy}”?`,
    endLead:
      'The policy applies to them immediately. If they have no allowed second step, they’ll set one up at their next sign-in.',
    endSubmit: 'End exemption',
    newTitle: (policy: string) => `Exempt a user from “${policy}”`,
    newLead: 'Use this while someone waits for a new phone. The policy applies again after the last day.',
    userLabel: 'Username or email',
    reasonLabel: 'Reason',
    reasonHint: 'Recorded in the audit log.',
    lastDay: 'Last day',
    lastDayHint: (zone: string) => `At most ${stated.span(LONGEST_EXEMPTION)} from now. Time zone: ${zone}.`,
    submit: 'Exempt user',
    cancel: 'Cancel',
    done: { exempted: 'User exempted.', unexempted: 'Exemption ended.' },
  },
  progress: {
    caption: 'Users by day',
    users: 'Users it applies to',
    missing: 'Not ready yet',
    asTable: 'Show as table',
    now: (met: number, users: number) => `${met} of ${users} ready`,
    fillsUp: `A chart appears after ${LEAST_DAYS_OF_PROGRESS} days.`,
    reminders: 'Reminders by email',
    sent: 'Sent',
    toSend: 'Due',
    noMail: 'This server doesn’t send email, so users are reminded only on their pages.',
  },
  /** To users before the deadline. */
  notice: {
    passkey: (day) => `You need a passkey from ${day}. Add one now.`,
    totp: (day) => `You need an authenticator app from ${day}. Add one now.`,
    any: (day) => `You need a second step from ${day}. Set one up now.`,
  } satisfies SentencesOfDay,
  noticeAction: 'Go to Security',
  /** On that page. */
  noticeSetUp: { passkey: 'Add a passkey', totp: 'Add an authenticator app', any: 'Ways to sign in' },
  /** To users at the deadline. */
  stopped: {
    since: {
      passkey: (day) => `Your organization has required a passkey since ${day}.`,
      totp: (day) => `Your organization has required an authenticator app since ${day}.`,
      any: (day) => `Your organization has required a second step since ${day}.`,
    } satisfies SentencesOfDay,
    why: 'Nothing in your account was lost.',
    help: (instance: string) => `If you can’t, ask an admin of ${instance}.`,
  },
}
