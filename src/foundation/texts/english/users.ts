// The list of users, what is done to several of them, making a new one, and the invitation that is handed over.

export const users = {
  title: 'Users',
  heading: (count: string) => `Users (${count})`,
  new: 'New user',
  search: 'Username, email or name',
  filters: {
    label: 'Show',
    all: 'All',
    active: 'Active',
    invited: 'Invited',
    'no-factor': 'No second step',
    disabled: 'Disabled',
    admins: 'Admins',
  },
  /** Without a search: how many the filter shows. */
  listed: (count: number, shown: string) => (count === 1 ? '1 user' : `${shown} users`),
  found: (count: number, shown: string, query: string) =>
    `${count === 1 ? '1 user' : `${shown} users`} found for “${query}”.`,
  /** On a page that is not the first: who stands on top. */
  from: (username: string) => `This page: from ${username} on`,
  order: { label: 'Order:', byUsername: 'by username', newestFirst: 'newest first' },
  onlyYou: 'Only you so far.',
  inviteSomeone: 'Invite someone',
  nobodyMatches: (query: string) => `Nobody matches “${query}”.`,
  /** For a search with so many matches that one page does not go through all users. */
  searchStopped: (walked: string) =>
    `Many users match. This page searched ${walked} users. Go to the next page, or type more letters.`,
  clearSearch: 'Clear search',
  nobodyHere: 'Nobody is in this list.',
  showAll: 'Show everyone',
  table: 'Users, with status and last sign-in',
  columns: {
    select: 'Select',
    username: 'Username',
    email: 'Email',
    role: 'Role',
    status: 'Status',
    secondStep: 'Second\u00A0step',
    lastSignIn: 'Last sign-in',
  },
  you: 'you',
  statuses: { active: 'Active', invited: 'Invited', 'no-factor': 'No second step', disabled: 'Disabled' },
  secondSteps: { passkey: 'Passkey', app: 'App' },
  invitationEnds: 'Invitation runs out',
  invitationEnded: 'Invitation ran out',
  newInvitation: 'New invitation',
  forUser: (username: string) => `for ${username}`,
  selectUser: (username: string) => `Select ${username}`,
  bulk: {
    label: 'With the selected users',
    all: 'Select all on this page',
    selected: (count: number, shown: string) => (count === 1 ? '1 selected' : `${shown} selected`),
    actions: { disable: 'Disable', enable: 'Enable', 'sign-out': 'Sign out', invite: 'New invitation' },
    nobody: 'Nobody is selected',
    nobodyText: 'Tick the users you mean, then choose what to do.',
    tooMany: 'Too many at once',
    tooManyText: (most: number) => `Choose at most ${most} users at a time. Nothing was changed.`,
    ask: {
      disable: (count: number) => (count === 1 ? 'Disable 1 user?' : `Disable ${count} users?`),
      enable: (count: number) => (count === 1 ? 'Enable 1 user?' : `Enable ${count} users?`),
      'sign-out': (count: number) => (count === 1 ? 'Sign 1 user out?' : `Sign ${count} users out?`),
      invite: (count: number) => (count === 1 ? 'Invite 1 user again?' : `Invite ${count} users again?`),
    },
    about: {
      disable:
        'They are out from their next click on and can’t sign in; their API tokens and open invitations are revoked. Nothing else of theirs is lost.',
      enable: 'They can sign in as before.',
      'sign-out': 'Every session and API token of theirs ends. They can sign in again.',
      invite: 'Each gets a new link; earlier links stop working. Whoever has a second step already is left out.',
    },
    do: { disable: 'Disable', enable: 'Enable', 'sign-out': 'Sign out', invite: 'Make new invitations' },
    /** By how many it was done for. */
    doneTitle: {
      disable: (count: number) => done(count, 'disabled'),
      enable: (count: number) => done(count, 'enabled'),
      'sign-out': (count: number) => done(count, 'signed out'),
      invite: (count: number) => (count === 1 ? '1 new invitation' : `${count || 'No'} new invitations`),
    },
    /** How many of them it was so for already. */
    countUnchanged: {
      disable: (count: number) => `${count} ${count === 1 ? 'was' : 'were'} already disabled`,
      enable: (count: number) => `${count} ${count === 1 ? 'was' : 'were'} already enabled`,
      'sign-out': (count: number) => `${count} ${count === 1 ? 'wasn’t' : 'weren’t'} signed in`,
      invite: (count: number) => `${count} unchanged`,
    },
    countSkipped: (count: number) => `${count} skipped`,
    done: { disable: 'Disabled', enable: 'Enabled', 'sign-out': 'Signed out', invite: 'Invitation made' },
    unchanged: {
      disable: 'Was disabled already',
      enable: 'Was enabled already',
      'sign-out': 'Was signed in nowhere',
      invite: 'Nothing to do',
    },
    refused: 'Left out',
    /** Above several invitation links. */
    links:
      'Each link is shown once. Copy them now, or make new ones later. Until one is used, anyone who has it can take that account.',
    back: 'Back to the list',
  },
  newUser: {
    title: 'New user',
    lead: 'Makes an account and an invitation link. Through the link, the account’s owner chooses a password and sets up the second step.',
    username: 'Username',
    usernameHint: 'For signing in. Without @; it can be changed later.',
    role: 'Role',
    roles: {
      user: 'User',
      userHint: 'May change their own account only.',
      admin: 'Admin',
      adminHint: 'May do everything here, once there is a second step. You confirm with your password and code.',
    },
    submit: 'Create user and invitation',
  },
  expiryLabel: 'The invitation works for',
  again: {
    title: 'New invitation',
    lead: (username: string) => `Makes a new invitation link for ${username}. Earlier links stop working.`,
    submit: 'Make the invitation',
  },
  card: {
    title: (username: string) => `Invitation for ${username}`,
    shownOnce: 'This link is shown once. Copy it now, or make a new one later.',
    link: 'Invitation link',
    warning: 'Until this link is used, anyone who has it can take the account.',
    until: 'Works once, until',
    qrLabel: 'QR code of the invitation link. Use the link if you can’t scan.',
    qrHint: 'Or let them scan this with their phone.',
    messageTitle: 'A message to send',
    message: (link: LinkMessage) =>
      letter(`There is an account for you on ${link.instance}. Open this link, choose a password and set up`, link),
    /** To somebody who has signed in before. */
    messageAgain: (link: LinkMessage) =>
      letter(`Your sign-in on ${link.instance} was reset. Open this link to choose a password and set up`, link),
    another: 'Create another user',
    list: 'To the list of users',
  },
}

function done(count: number, what: string): string {
  if (count === 0) return `No users were ${what}`
  return `${count} ${count === 1 ? 'user' : 'users'} ${what}`
}

interface LinkMessage {
  readonly name: string
  readonly instance: string
  readonly url: string
  readonly until: string
}

function letter(about: string, { name, url, until }: LinkMessage): string {
  return `Hello ${name},

${about} your second step:

${url}

It works once, until ${until}. Please don’t pass it on.`
}
