// Invitations by mail and of many users at once, and accounts that expire.

import { EXPIRY_WARNINGS, MOST_LINES } from '#foundation/kernel/stated-limits.ts'
import { stated } from './stated.ts'
import { counted } from './user-questions.ts'

export const joining = {
  /** What the columns of a list may be called, separated by commas. A list may use the names of every language. */
  columns: {
    username: 'username, user name',
    email: 'email, e-mail, email address, e-mail address',
    full_name: 'full name, name',
    role: 'role',
    expires_at: 'expires at, expires, last day',
    locale: 'locale, language',
    groups: 'groups, group',
    attribute: 'attribute',
  },
  delivery: {
    label: 'Invitation',
    mail: 'Send it by email',
    mailHint: 'You won’t see the link, so accepting it verifies the email address.',
    link: 'Show me the link',
    linkHint: 'You share it yourself. The email address stays unverified.',
  },
  language: {
    label: 'Language',
    ofList: 'Language, where the list names none',
    hint: 'Of pages and emails. They can change it later.',
  },
  mailed: {
    title: (username: string) => `Invitation for ${username}`,
    sent: 'The invitation is on its way to',
    until: 'Its link works once. Expires',
    again: 'If it doesn’t arrive, send a new one: the old link then stops working.',
  },
  /** How far the mail of the last invitation has come. */
  mailStates: {
    queued: 'Waiting to be sent to',
    accepted: 'Sent to',
    failed: 'The mail server rejected it for',
    dropped: 'Not sent to',
    expired: 'Not sent in time to',
  },
  expiry: {
    label: 'Last day of the account (optional)',
    hint: (zone: string) => `Can’t sign in after this day (${zone}). Leave it empty for no end.`,
    fact: 'Account expires',
    never: 'Never',
    expired: 'Expired',
    kept: 'Expired, but still open: this is the last active admin.',
    change: 'Change',
    title: 'Account expiry',
    lead: (username: string) =>
      `After its last day, ${username} can’t sign in, and sessions and API tokens stop working. Nothing is deleted.`,
    notices: `If their email is verified, we warn them ${stated.days(EXPIRY_WARNINGS[0])} and ${stated.days(EXPIRY_WARNINGS[1])} before. Admins are told when it happens.`,
    noNotices: 'This server doesn’t send email, so they get no warning.',
    admin: 'The last active admin can always sign in.',
    own: 'You can’t change this for your own account. Another admin can.',
    save: 'Save',
  },
  many: {
    title: 'Invite several users',
    link: 'Invite several',
    lead: 'Paste a list with one user per line. You’ll see what each line does before anything is created.',
    label: 'List of users (CSV)',
    hint: `The first line names the columns, in any order. Only username is required. At most ${stated.count(MOST_LINES)} users.`,
    example: 'Example',
    /** Short enough for a phone. */
    sample: `username,email,role
ada,ada@example.org,user
lin,lin@example.org,admin`,
    allColumns: 'All columns',
    columnsOf: [
      ['username', 'Used to sign in. Required.'],
      ['email', 'Required if you send the invitations by email.'],
      ['full_name', 'Their name.'],
      ['role', 'The name of a role. Without one: user.'],
      ['expires_at', 'The last day of the account, such as 2028-06-30.'],
      ['locale', 'The language of pages and emails, such as en or de.'],
      ['groups', 'Names of existing groups, separated by semicolons.'],
      ['attribute:KEY', 'The value of the attribute with this key.'],
    ] as readonly (readonly [column: string, holds: string])[],
    check: 'Check the list',
    checked: (count: number) =>
      count === 0 ? 'No line can be used' : `${counted(count, 'user', 'users')} can be created`,
    checkedLead: 'Nothing has been created yet.',
    skipped: (count: number) => `${counted(count, 'line', 'lines')} will be skipped.`,
    create: (count: number) => `Create ${counted(count, 'user', 'users')}`,
    change: 'Change the list',
    done: (count: number) => (count === 0 ? 'No users were created' : `${counted(count, 'user', 'users')} created`),
    refused: (count: number) => `${counted(count, 'line was', 'lines were')} skipped.`,
    line: (line: number) => `Line ${line}`,
    valid: 'Will be created',
    created: 'Created',
    notCreated: 'Not created',
    existing: 'Already there',
    skippedChip: 'Skipped',
    mailed: 'Invitation on its way to',
    lines: 'Line by line',
    report: 'Report as CSV',
    reportHint: 'Contains the links. Each is shown once.',
  },
}
