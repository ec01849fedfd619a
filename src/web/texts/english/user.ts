// One user, as an admin sees them.

const counted = (count: number, one: string, many: string): string =>
  `${new Intl.NumberFormat('en').format(count)} ${count === 1 ? one : many}`

const listed = new Intl.ListFormat('en-GB')

/** What a reset of the second step takes away. */
export interface ResetLoss {
  readonly apps: number
  readonly passkeys: number
  readonly recoveryCodes: number
  readonly sessions: number
}

function heldInWords({ apps, passkeys, recoveryCodes }: Omit<ResetLoss, 'sessions'>): string {
  const kinds = [
    apps > 0 && counted(apps, 'authenticator app', 'authenticator apps'),
    passkeys > 0 && counted(passkeys, 'passkey', 'passkeys'),
    recoveryCodes > 0 && counted(recoveryCodes, 'recovery code', 'recovery codes'),
  ].filter((kind) => kind !== false)
  return kinds.length === 0 ? 'nothing, as there is no second step' : listed.format(kinds)
}

export const user = {
  back: 'All users',
  you: 'You',
  about: 'About this account',
  lastSignIn: 'Last sign-in',
  created: 'Created',
  unknown: 'Not known',
  subject: 'Subject, for programs',
  password: 'Password',
  passwordSet: 'Set',
  passwordNone: 'None yet',
  passwordAsked: 'Set; they are asked for another one',
  done: {
    saved: 'Saved.',
    ended: 'That session is over.',
    'token-revoked': 'The API token is revoked.',
    'signed-out': 'They are signed out everywhere.',
    disabled: 'This account is disabled, and signed out everywhere.',
    enabled: 'This account is enabled again.',
    opened: 'They can try again now.',
    reset: 'The second step is reset. At their next sign-in, after the password, they set up a new one.',
    'reset-alone':
      'The second step is reset. There is no password either, so they need an invitation to come in again: make one below.',
  },
  details: {
    title: 'Details',
    username: 'Username',
    usernameHint: 'For signing in. Unique here, whatever its case.',
    email: 'Email (optional)',
    emailConfirmed: 'Confirmed.',
    emailUnconfirmed: 'Not confirmed yet, so it is used for nothing.',
    fullName: 'Full name (optional)',
    role: 'Role',
    adminHint: 'May do everything here, once there is a second step.',
    userHint: 'May change their own account only.',
    roleHint: 'Another role signs them out everywhere.',
    ownRole: 'Nobody changes their own role. Another admin can.',
    confirmFirst: 'Confirm it’s you before you make somebody an admin, then save again.',
    confirm: 'Confirm it’s you',
    stale: 'Someone changed this while you were editing. What you typed is kept below; save again to put it in place.',
    valueNow: (value: string) => (value === '' ? 'The current value is empty.' : `The current value is: ${value}`),
  },
  factors: {
    title: 'Second step',
    lead: 'Which kinds there are and since when. Nobody but their owner ever sees a setup key.',
    table: 'Ways to do the second step',
    kind: 'Kind',
    app: 'Authenticator app',
    passkey: (name: string) => `Passkey “${name}”`,
    codes: (left: number) => `Recovery codes: ${left} left`,
    added: 'Added',
    lastUsed: 'Last used',
    none: 'No second step yet. They set one up through an invitation, or at their next sign-in.',
  },
  sessions: {
    title: 'Sessions',
    lead: 'Where they are signed in.',
    table: 'Where they are signed in',
    browser: 'Browser',
    network: 'Network address',
    began: 'Signed in',
    lastSeen: 'Last seen',
    actions: 'Sign out',
    program: 'A program with an access token',
    end: 'Sign out',
    endAll: 'Sign out everywhere',
    none: 'Not signed in anywhere.',
    yours: 'This session',
  },
  tries: {
    title: 'Failed tries',
    password: (count: number) => counted(count, 'wrong password', 'wrong passwords'),
    code: (count: number) => counted(count, 'wrong code', 'wrong codes'),
    recovery: (count: number) => counted(count, 'wrong recovery code', 'wrong recovery codes'),
    strangers: (tries: string) => `${tries} from browsers and programs that are not known`,
    browser: (tries: string) => `${tries} in a browser they have signed in with`,
    session: (tries: string) => `${tries} while signed in`,
    free: 'The next try is possible at any time.',
    waits: 'The next try is possible',
    shut: 'No further try is possible until you allow it.',
    open: 'Let them try again now',
    lead: 'Since the last time it went well. The more there are, the longer the next try has to wait. Each line is counted by itself: wrong tries by strangers do not keep the person out of a browser they have signed in with.',
  },
  invitation: {
    title: 'Invitation',
    open: 'Open',
    ends: 'Ends',
    over: 'Ran out',
    none: 'There is no open invitation.',
    make: 'Make an invitation',
    makeNew: 'Make a new invitation',
    off: 'This account is disabled. Enable it before you invite them.',
  },
  activity: {
    title: 'Activity',
    table: 'What happened, newest first',
    what: 'What',
    who: 'Who',
    when: 'When',
    where: 'Where',
    none: 'Nothing yet.',
    all: 'All activity of this person',
    gone: 'somebody since deleted',
    nobody: 'nobody signed in',
    operator: 'the operator',
    why: (reason: string) => `“${reason}”`,
  },
  danger: {
    title: 'Danger zone',
    own: 'This is your own account. Nobody disables, resets or deletes themselves here: another admin can, and you find what you may do under Security and Account.',
    security: 'Go to Security',
    reset: 'Reset second step',
    resetDetail: 'For a lost phone: takes away apps, passkeys and recovery codes, and they set up a new second step.',
    signOutDetail: 'Ends every session and API token; they can sign in again.',
    disable: 'Disable',
    disableDetail: 'Keeps them out, and revokes their API tokens. Nothing else of theirs is lost.',
    enable: 'Enable',
    enableDetail: 'They can sign in as before.',
    remove: 'Delete',
    removeDetail: 'Takes the account away for good.',
  },
  reset: {
    title: 'Reset second step',
    question: (name: string) => `Reset the second step of ${name}?`,
    removes: (name: string, { sessions, ...held }: ResetLoss) => {
      const out =
        sessions === 0
          ? `. ${name} is not signed in anywhere.`
          : `, and signs ${name} out on ${counted(sessions, 'device', 'devices')}.`
      return `This removes ${heldInWords(held)}${out}`
    },
    tokens: (count: number) => `It also revokes ${counted(count, 'API token', 'API tokens')}.`,
    invitation: 'The open invitation stops working.',
    check: (name: string) => `Check that it is really ${name} asking: call, don’t mail.`,
    after: 'Afterwards, at the next sign-in with the password, they set up a new second step.',
    reason: 'Reason',
    reasonHint: 'Why you do this. It goes to the log.',
    apiReason: 'New phone; asked in person.',
    password: 'Also reset the password',
    passwordHint: 'Then you get an invitation to hand over, through which they choose a new one.',
    noPassword: 'There is no password, so without this they cannot come in again.',
    submit: 'Reset second step',
    cancel: 'Leave it as it is',
    back: 'To their page',
    done: 'The second step is reset',
    doneLead: (name: string) =>
      `The password of ${name} is forgotten too. Hand over this invitation; it is shown only now.`,
  },
  disable: {
    title: 'Disable',
    question: (name: string) => `Disable the account of ${name}?`,
    consequences: [
      'They are signed out everywhere, and their API tokens revoked, from their next request on.',
      'An open invitation stops working.',
      'Nothing else of theirs is lost, and you can enable it again.',
    ],
    submit: 'Disable',
    cancel: 'Leave it enabled',
  },
  deletion: {
    title: 'Delete',
    question: (name: string) => `Delete the account of ${name}?`,
    consequences: [
      'The account is gone with its sessions, passkeys, authenticator apps and invitations, and nobody can get it back.',
      'Somebody else may take the username.',
      'What was logged about it stays in the log.',
    ],
    instead: 'To keep them out for a while, disable the account instead.',
    typed: (username: string) => `To confirm, type the username: ${username}`,
    mismatch: 'This is not the username. Type it as it stands above; you can also paste it.',
    submit: 'Delete this account',
    cancel: 'Keep it',
  },
  doneInList: { deleted: 'The account is deleted.' },
}
