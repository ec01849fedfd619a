// The first page of administration.

export const overview = {
  area: 'Administration',
  title: 'Overview',
  numbers: 'At a glance',
  users: 'Users',
  active: 'Active',
  invited: 'Invited',
  /** As the list of users calls it: of the enabled, without those who are only invited. */
  noSecondStep: 'No second step',
  disabled: 'Disabled',
  admins: 'Admins',
  waitingAdmins: (count: string) => `plus ${count} who still ${count === '1' ? 'needs' : 'need'} a second step`,
  sessions: 'Sessions',
  lastDay: 'Last 24 hours',
  /** Beside each other: the second is a link to what was refused. */
  lastDayCounts: {
    succeeded: (count: string) => `${count} ${count === '1' ? 'sign-in' : 'sign-ins'}`,
    refused: (count: string) => `${count} refused`,
  },
  signIns: {
    title: 'Sign-ins',
    caption: 'Sign-ins and refusals per day, last 30 days (UTC)',
    succeeded: 'Sign-ins',
    refused: 'Refused',
  },
  adoption: {
    title: 'Second steps',
    caption: 'Users with a second step, last 30 days (UTC)',
    users: 'All enabled users, including invited ones',
    withSecondStep: 'With a second step',
    kinds: { passkey: 'With a passkey', app: 'App only' },
    share: (percent: string, users: string) =>
      `${percent} of ${users} users have a second step. Invited and disabled users aren’t counted.`,
  },
  asTable: 'Show as table',
}
