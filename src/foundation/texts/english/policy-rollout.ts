// The roll-out of policies: plan, exemptions, progress, and what users read before and at a deadline.
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
    stopped: 'Stopped',
    'already-stopped': 'Stopped already',
    joining: 'Has not joined',
  },
  plan: {
    title: 'Plan',
    lead: 'Everyone here has to set up a second step at their next sign-in, before they can do anything else. They sign in with all that they have, and it isn’t enough.',
    leadOfDeadline: (deadline: string) =>
      `From ${deadline} on, everyone here has to set up a second step at their next sign-in, before they can do anything else. Until then, nothing changes for them.`,
    concerned: (count: number) => `${count} ${count === 1 ? 'user is' : 'users are'} concerned.`,
    nobody: 'The policy stops no user.',
    none: 'No users here.',
    caption: 'Users whom the policy stops',
    show: 'Show',
    all: 'All',
    user: 'User',
    why: 'Why',
    state: 'State',
    exempt: 'Exempt',
    statesHint:
      '“Stopped already” means that another rule asks the same today. “Has not joined” means that they have no password yet and set up a second step with their invitation.',
    open: 'See who is stopped',
    summary: (count: number) => (count === 1 ? '1 user will be stopped' : `${count} users will be stopped`),
    summaryNow: (count: number) => (count === 1 ? '1 user is stopped' : `${count} users are stopped`),
    more: (count: number) => (count === 1 ? 'And 1 more user.' : `And ${count} more users.`),
    noNames: 'To see the names of users, you need the permission “View users”.',
    back: 'Back to the policy',
  },
  exemptions: {
    title: 'Exemptions',
    lead: 'The policy doesn’t apply to these users until the end. Users with permissions always need a second step.',
    caption: 'Users who are exempt',
    user: 'User',
    reason: 'Reason',
    until: 'Until',
    ended: 'Ended',
    by: 'Given by',
    operator: 'The operator',
    none: 'No exemptions.',
    add: 'Exempt a user',
    open: 'Exemptions',
    count: (count: number) => (count === 1 ? '1 exemption' : `${count} exemptions`),
    end: 'End',
    endTitle: (name: string, policy: string) => `End the exemption of ${name} from “${policy}”?`,
    endLead:
      'The policy then applies to them at once. If they have no allowed second step, they set one up at their next sign-in.',
    endSubmit: 'End exemption',
    newTitle: (policy: string) => `Exempt a user from “${policy}”`,
    newLead:
      'For example, while someone waits for a new phone. Give it an end: after it, the policy applies by itself.',
    userLabel: 'Username or email',
    reasonLabel: 'Reason',
    reasonHint: 'Recorded in the audit log.',
    lastDay: 'Last day',
    lastDayHint: (zone: string) => `At most 366 days ahead. Ends with this day, ${zone}.`,
    submit: 'Exempt user',
    cancel: 'Cancel',
    done: { exempted: 'User exempted.', unexempted: 'Exemption ended.' },
  },
  progress: {
    title: 'Progress',
    caption: 'Users by day',
    concerned: 'Concerned',
    missing: 'Still missing what the policy asks for',
    asTable: 'As a table',
    now: (met: number, concerned: number) => `${met} of ${concerned} users have what the policy asks for.`,
    fillsUp: 'A chart appears after three days.',
    reminders:
      'Users are reminded by mail when the policy is announced, a week before the deadline and a day before it.',
    noMail: 'This server sends no mail, so only the pages of the users remind them.',
  },
  /** To users before the deadline. */
  notice: {
    passkey: (day) => `From ${day} you need a passkey. Add one now.`,
    totp: (day) => `From ${day} you need an authenticator app. Add one now.`,
    any: (day) => `From ${day} you need a second step. Add one now.`,
  } satisfies SentencesOfDay,
  noticeAction: 'Go to Security',
  /** On that page. */
  noticeSetUp: { passkey: 'Add a passkey', totp: 'Add an authenticator app', any: 'Ways to sign in' },
  /** To users at the deadline. */
  stopped: {
    since: {
      passkey: (day) => `Your organization asks for a passkey since ${day}.`,
      totp: (day) => `Your organization asks for an authenticator app since ${day}.`,
      any: (day) => `Your organization asks for a second step since ${day}.`,
    } satisfies SentencesOfDay,
    why: 'Set it up now to go on. Nothing in your account was lost.',
    help: (instance: string) => `If you can’t, ask an admin of ${instance}.`,
  },
}
