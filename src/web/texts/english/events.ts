// What the audit log tells of, in words.

/** What a sentence may say of an event; the people in it, when and where stand beside the sentence. */
export interface ToldEvent {
  readonly refused: boolean
  readonly details: Readonly<Record<string, string | number | boolean | null>>
}

type Sentence = (event: ToldEvent) => string

/** One for every action of the catalogue of events; the pages that show them check that none is missing. */
const sentences = {
  'sign_in.succeeded': () => 'Signed in',
  'sign_in.refused': () => 'Sign-in refused',
  'sign_in.second_step_refused': () => 'Second step refused',
  'access.refused': () => 'Tried something this account may not do',
  'session.ended': ({ details }) => (Number(details['sessions'] ?? 1) > 1 ? 'Sessions ended' : 'Session ended'),
  'session.proof_given': () => 'Confirmed with password and code',
  'session.proof_refused': () => 'Confirmation refused',
  'user.created': () => 'Account created',
  'user.changed': ({ refused }) => (refused ? 'Change of the account refused' : 'Account changed'),
  'user.renamed': () => 'Username changed',
  'user.disabled': ({ refused }) => (refused ? 'Disabling the account refused' : 'Account disabled'),
  'user.enabled': () => 'Account enabled again',
  'user.deleted': ({ refused }) => (refused ? 'Deletion of the account refused' : 'Account deleted'),
  'user.signed_out': () => 'Signed out everywhere',
  'password.changed': ({ refused }) => (refused ? 'Change of password refused' : 'Password changed'),
  'password.set': () => 'New password set',
  'password.change_asked': () => 'New password asked for',
  'password.upgraded': () => 'Password stored with today’s protection',
  'totp.sealed': () => 'Secret of an authenticator app sealed',
  'totp.enrolment_started': () => 'Set-up of an authenticator app started',
  'totp.confirmed': ({ refused }) => (refused ? 'Authenticator app not confirmed' : 'Authenticator app confirmed'),
  'totp.removed': ({ refused }) => (refused ? 'Removal of an authenticator app refused' : 'Authenticator app removed'),
  'totp.renamed': () => 'Authenticator app renamed',
  'totp.reset': () => 'Second step reset',
  'invitation.issued': () => 'Invitation made',
  'invitation.accepted': ({ refused }) => (refused ? 'Invitation not accepted' : 'Invitation accepted'),
  'setup.link_issued': () => 'Setup link made',
  'setup.completed': ({ refused }) => (refused ? 'Set-up refused' : 'Server set up'),
  'throttle.closed': () => 'Too many tries: further ones have to wait',
  'throttle.opened': () => 'Tries accepted again',
  'key.forgotten': () => 'Lost key given up',
  'database.adopted': () => 'Database taken over',
  'audit.exported': () => 'Activity exported',
} satisfies Record<string, Sentence>

const everySentence: Readonly<Record<keyof typeof sentences, Sentence>> = sentences

export const events = {
  sentences: everySentence,
  /** Why something was refused, or why it happened; a reason without a sentence is not shown. */
  reasons: {
    unknown_user: 'nobody has this username',
    wrong_password: 'the password was wrong',
    wrong: 'the password was wrong',
    wrong_code: 'the code was wrong',
    used_code: 'the code had been used before',
    disabled: 'the account is disabled',
    no_second_factor: 'there is no second step yet',
    proof_needed: 'a recent confirmation was missing',
    insufficient_permissions: 'the account may not do this',
    second_factor_missing: 'administration needs a second step',
    last_admin: 'this is the last active admin',
    last_one: 'this is the only second step',
    own_account: 'it was one’s own account',
    username_taken: 'another user has the username',
    email_taken: 'another user has the email address',
    too_many: 'there were as many authenticator apps as there may be',
    already_enrolled: 'the account was set up already',
    wrong_stage: 'the sign-in was at another step',
    finished: 'the server was set up already',
    key_forgotten: 'the key to its secret was lost',
    wait: 'for a while',
    shut: 'until an admin helps',
  },
  by: (name: string) => `by ${name}`,
  byAdmin: 'by an admin',
  /** Nobody was signed in, and it was not the operator. */
  byStranger: 'before anybody was signed in',
  byOperator: 'on the server itself',
}
