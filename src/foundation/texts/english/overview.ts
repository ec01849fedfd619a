// The first page of administration.

export const overview = {
  area: 'Administration',
  title: 'Overview',
  numbers: 'In numbers',
  users: 'Users',
  active: 'Active',
  invited: 'Invited',
  /** As the list of users calls it: of the enabled, without those who are only invited. */
  noSecondStep: 'No second step',
  disabled: 'Disabled',
  admins: 'Admins',
  waitingAdmins: (count: string) => `and ${count} without a second step, who can’t act yet`,
  sessions: 'Sessions',
  lastDay: 'Last 24 hours',
  lastDayCounts: (succeeded: string, refused: string) => `Signed in: ${succeeded}. Refused: ${refused}.`,
  refusals: 'See what was refused',
  signIns: {
    title: 'Sign-ins',
    caption: 'Sign-ins and refusals per day, last 30 days (UTC)',
    succeeded: 'Sign-ins',
    refused: 'Refusals',
  },
  adoption: {
    title: 'Second steps',
    caption: 'Enabled users, invited ones included, and how many of them have a second step, last 30 days (UTC)',
    users: 'Enabled users, invited ones included',
    withSecondStep: 'With a second step',
    kinds: { passkey: 'With a passkey', app: 'With an app, no passkey' },
    share: (percent: string, users: string) =>
      `${percent} of ${users} users have a second step. Invited and disabled users aren’t counted.`,
  },
  asTable: 'As a table',
}
