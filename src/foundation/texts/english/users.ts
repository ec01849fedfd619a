// The list of users, actions on several of them, creating one, and the invitation to send.

import { counted } from './user-questions.ts'

export const users = {
  title: 'Users',
  heading: (count: string) => `Users (${count})`,
  new: 'New user',
  search: 'Username, email or name',
  searchHint: 'Search users',
  skip: 'Skip to the list',
  filters: {
    label: 'Show',
    all: 'All',
    active: 'Active',
    passkey: 'Passkey',
    app: 'App',
    invited: 'Invited',
    'no-factor': 'No second step',
    disabled: 'Disabled',
    admins: 'Admins',
  },
  /** Without a search: how many the filter shows. */
  listed: (count: number, shown: string) => (count === 1 ? '1 user' : `${shown} users`),
  found: (count: number, shown: string, query: string) =>
    `${count === 1 ? '1 user' : `${shown} users`} found for “${query}”.`,
  /** Which of the users a page shows, such as `1–50 of 883`. */
  range: (page: string, total: string) => `${page} of ${total}`,
  rangeOfMore: (page: string, most: string) => `${page} of more than ${most}`,
  sizes: 'Per page:',
  perPage: (count: number) => `${count} per page`,
  order: { label: 'Order:', byUsername: 'by username', newestFirst: 'newest first' },
  onlyYou: 'It’s just you so far.',
  inviteSomeone: 'Invite someone',
  noMatches: (query: string) => `No users match “${query}”`,
  /** For a search with so many matches that one page does not go through all users. */
  searchStopped: (walked: string) =>
    `Many users match. This page searched ${walked} users. Go to the next page, or type more letters.`,
  walkStopped: (walked: string) => `This page searched ${walked} users. Go to the next page for more.`,
  clearSearch: 'Clear search',
  noUsersHere: 'No users here',
  showAll: 'Show all users',
  table: 'Users, with status and last sign-in',
  columns: {
    select: 'Select',
    username: 'Username',
    email: 'Email',
    status: 'Status',
    secondStep: 'Second\u00A0step',
    lastSignIn: 'Last sign-in',
    /** In the list of the invited, which lacks the three before. */
    link: 'Link',
    invited: 'Invited',
    sent: 'Sent',
    actions: 'Actions',
  },
  link: {
    /** Before a time such as “in 5 days”. */
    expires: 'Expires',
    by: (username: string) => `by ${username}`,
    mailed: 'By email',
    shown: 'As a link',
    reminded: 'with a reminder',
  },
  you: 'you',
  statuses: { active: 'Active', invited: 'Invited', 'no-factor': 'No second step', disabled: 'Disabled' },
  secondSteps: { passkey: 'Passkey', app: 'App' },
  invitationEnds: 'Invitation expires',
  invitationEnded: 'Invitation expired',
  menuFor: (username: string) => `Actions for ${username}`,
  menu: {
    open: 'Open',
    invite: 'Create invitation',
    'sign-out': 'Sign out',
    disable: 'Disable',
    enable: 'Enable',
    reset: 'Reset second step',
    remove: 'Delete',
  },
  selectUser: (username: string) => `Select ${username}`,
  bulk: {
    label: 'Selected users',
    all: 'Select all on this page',
    none: 'Select none',
    selected: (count: number, shown: string) => (count === 1 ? '1 selected' : `${shown} selected`),
    actions: {
      disable: 'Disable',
      enable: 'Enable',
      'add-to-group': 'Add to group',
      'sign-out': 'Sign out',
      invite: 'Create invitations',
    },
    /** The button whose menu has the actions for which a narrow screen has no room. */
    more: 'More',
    clear: 'Clear',
    noUser: 'No users selected',
    noUserText: 'Select at least one user, then choose an action.',
    choose: 'Select users',
    tooMany: 'Too many users selected',
    tooManyText: (most: number) => `Select up to ${most} users at a time. Nothing was changed.`,
    /** By how many users it will change. */
    ask: {
      disable: (count: number) => ask(count, 'disable'),
      enable: (count: number) => ask(count, 'enable'),
      'add-to-group': (count: number) =>
        count === 0 ? 'No users to add' : `Add ${counted(count, 'user', 'users')} to a group?`,
      'sign-out': (count: number) => ask(count, 'sign out'),
      invite: (count: number) =>
        count === 0 ? 'No invitations to create' : `Create ${counted(count, 'invitation', 'invitations')}?`,
    },
    about: {
      disable:
        'They’re signed out immediately and can’t sign in. Their API tokens and invitations are revoked. You can enable them again later.',
      enable: 'They can sign in as before.',
      'add-to-group': 'A group gives no permissions. Policies for the group apply to them immediately.',
      'sign-out': 'Ends all their sessions and revokes their API tokens. They can sign in again.',
      invite: 'Each gets a new link. Old links stop working. Users who already have a second step are skipped.',
    },
    do: {
      disable: (count: number) => `Disable ${counted(count, 'user', 'users')}`,
      enable: (count: number) => `Enable ${counted(count, 'user', 'users')}`,
      'add-to-group': (count: number) => `Add ${counted(count, 'user', 'users')} to the group`,
      'sign-out': (count: number) => `Sign out ${counted(count, 'user', 'users')}`,
      invite: (count: number) => `Create ${counted(count, 'invitation', 'invitations')}`,
    },
    /** By how many it was done for. */
    doneTitle: {
      disable: (count: number) => done(count, 'disabled'),
      enable: (count: number) => done(count, 'enabled'),
      'add-to-group': (count: number) => done(count, 'added to the group'),
      'sign-out': (count: number) => done(count, 'signed out'),
      invite: (count: number) => (count === 1 ? '1 invitation created' : `${count || 'No'} invitations created`),
    },
    /** How many of them it was so for already. */
    countUnchanged: {
      disable: (count: number) => `${count} ${count === 1 ? 'was' : 'were'} already disabled`,
      enable: (count: number) => `${count} ${count === 1 ? 'was' : 'were'} already enabled`,
      'add-to-group': (count: number) => `${count} ${count === 1 ? 'was' : 'were'} in the group already`,
      'sign-out': (count: number) => `${count} ${count === 1 ? 'wasn’t' : 'weren’t'} signed in`,
      invite: (count: number) => `${count} unchanged`,
    },
    countSkipped: (count: number) => `${count} skipped`,
    done: {
      disable: 'Disabled',
      enable: 'Enabled',
      'add-to-group': 'Added',
      'sign-out': 'Signed out',
      invite: 'Invitation created',
    },
    unchanged: {
      disable: 'Already disabled',
      enable: 'Already enabled',
      'add-to-group': 'Already a member',
      'sign-out': 'Wasn’t signed in',
      invite: 'No change',
    },
    willSkip: 'Will be skipped',
    refused: 'Skipped',
    /** Above several invitation links. */
    links: 'Copy these links now. Each is shown once. Anyone with a link can claim that account, so send it privately.',
  },
  newUser: {
    title: 'New user',
    lead: 'We’ll create the account and a one-time link. The new user opens it to choose a password and set up a second step.',
    username: 'Username',
    usernameHint: 'Used to sign in. No “@”. You can change it later.',
    access: 'Access',
    adminHint: 'Full access, once they’ve set up a second step. We’ll ask you to confirm it’s you.',
    submit: 'Create user',
  },
  expiryLabel: 'Link expires after',
  again: {
    title: 'New invitation',
    lead: (username: string) => `We’ll create a new link for ${username}. Old links stop working.`,
    submit: 'Create invitation',
  },
  card: {
    title: (username: string) => `Invitation for ${username}`,
    forWhom: (name: string) =>
      `This link is for ${name} only. They open it to choose a password and set up their second step.`,
    shownOnce: 'Copy it now. Later it can’t be shown again, but you can create a new one.',
    link: 'Invitation link',
    warning: 'Anyone with this link can claim the account. Send it privately.',
    until: 'Works once. Expires',
    qrLabel: 'QR code of the invitation link. Use the link if you can’t scan.',
    copyLink: 'Copy link',
    sendByEmail: 'Send by email',
    qr: 'QR code to scan',
    messageTitle: 'Message to send',
    subject: (instance: string) => `Your account on ${instance}`,
    message: (link: LinkMessage) =>
      letter(`You have an account on ${link.instance}. Open this link to choose a password and set up`, link),
    /** To a user who has signed in before. */
    messageAgain: (link: LinkMessage) =>
      letter(`Here’s a new link for your account on ${link.instance}. Open it to choose a password and set up`, link),
    /** After a reset of second step and password. */
    messageReset: (link: LinkMessage) =>
      letter(`Your sign-in on ${link.instance} was reset. Open this link to choose a new password and set up`, link),
    another: 'Create another user',
    list: 'Back to users',
  },
}

function ask(count: number, what: string): string {
  if (count === 0) return `No users to ${what}`
  return `${what.slice(0, 1).toUpperCase()}${what.slice(1)} ${counted(count, 'user', 'users')}?`
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

The link works once and expires on ${until}. Please don’t share it.`
}
