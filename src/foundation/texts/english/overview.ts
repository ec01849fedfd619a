// The first page of administration, and the page on how to connect an app.
import { DAYS_SHOWN } from '#foundation/kernel/stated-limits.ts'
import { quoted } from './quoted.ts'
import { tokens } from './tokens.ts'
import { counted } from './user-questions.ts'

const has = (count: number): string => (count === 1 ? 'has' : 'have')

export const overview = {
  area: 'Administration',
  groups: { people: 'People', access: 'Access', system: 'System' },
  title: 'Overview',
  numbers: 'At a glance',
  tiles: { users: 'Users', signIns: 'Sign-ins this week', refused: 'Failed sign-ins this week', sessions: 'Sessions' },
  /** The sign says the direction to the eye, the words to everybody. */
  trends: {
    newUsers: (count: number) => `▲ ${count} new this week`,
    more: (count: number) => `▲ ${count} more than last week`,
    fewer: (count: number) => `▼ ${count} fewer than last week`,
    same: 'Same as last week',
    moreThanAWeekAgo: (count: number) => `▲ ${count} more than a week ago`,
    fewerThanAWeekAgo: (count: number) => `▼ ${count} fewer than a week ago`,
    sameAsAWeekAgo: 'Same as a week ago',
  },
  secondSteps: {
    title: 'Second steps in use',
    share: (done: number, joined: number) =>
      `${done} of ${counted(joined, 'person', 'people')} who joined ${has(done)} a second step.`,
    everyone: 'Everyone who has joined has a second step.',
    joined: 'People who joined, by second step',
    /** A user with a passkey is not counted for an app too. */
    kinds: { passkey: 'Passkey', app: 'App', none: 'No second step' },
    /** Before the numbers of the users who have not joined. */
    uncounted: 'Not counted:',
    invited: (count: number) => `${count} invited`,
    disabled: (count: number) => `${count} disabled`,
    admins: (count: number) => counted(count, 'admin', 'admins'),
    waitingAdmins: (count: number) => `plus ${count} who still ${count === 1 ? 'needs' : 'need'} a second step`,
  },
  signIns: {
    title: 'Sign-ins',
    caption: `Per day, last ${DAYS_SHOWN} days (UTC)`,
    succeeded: 'Sign-ins',
    refused: 'Failed',
  },
  asTable: 'Show as table',
  recent: { title: 'Recent activity', all: 'All activity' },
  toDo: {
    title: 'To do',
    /** The button beside a warning that no page can fix. */
    how: 'How to fix it',
    more: (count: number) => `${count} more in the check-up`,
  },
  getStarted: {
    title: 'Get started',
    server: 'Your server is set up',
    admin: 'Invite a second admin',
    adminWhy: 'They can let you back in if you lose your second step.',
    inviteAdmin: 'Invite',
    app: 'Connect your app',
    appWhy: 'It learns from this server who a request comes from.',
    connect: 'Connect',
    done: 'done',
    close: 'Close this list',
  },
  connect: {
    title: 'Connect your app',
    lead: 'Your app asks this server who a request comes from. Try it with an API token first: it works whichever second step you use.',
    token: 'Create a token',
    tokenLead: `Choose the permission ${quoted(tokens.scopes['self:read'].name)}. Store the token in the variable TOKEN.`,
    createToken: 'Create API token',
    ask: 'Ask who it belongs to',
    askLead: 'Pass on the Authorization header of each request. If the answer is 401, ask the person to sign in.',
  },
}
