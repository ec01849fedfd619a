/** Refusals of what the help desk does for users. */
export const HELP_REFUSALS = {
  'help.both_resets': {
    kind: 'forbidden',
    title: 'Password and second step together',
    detail:
      'The user has no second step, or has not signed in since the link to a new password. Resetting both needs the permission `users:write`. Ask an admin.',
  },
  'help.mail_off': {
    kind: 'conflict',
    title: 'No email',
    detail: 'This server sends no email, and the help desk is shown no link. Ask an admin.',
  },
  'help.shut_out': {
    kind: 'conflict',
    title: 'Account cannot sign in',
    detail: 'The account is disabled or has expired, so no link to a new password is emailed.',
  },
  'help.unverified_email': {
    kind: 'conflict',
    title: 'No verified email address',
    detail: 'A link to a new password is emailed to a verified address only, and the user has none.',
  },
  'help.mail_limit': {
    kind: 'throttled',
    title: 'Done three times',
    detail:
      'This was done for the user three times, each less than an hour after the one before. Wait, then try again.',
  },
  'help.not_mailed': {
    kind: 'conflict',
    title: 'Invitation was not emailed',
    detail:
      'There is no open or expired invitation that was emailed to the present address of the user. A new one needs the permission `users:write`.',
  },
  'help.policy_forbids': {
    kind: 'forbidden',
    title: 'Policy does not allow it',
    detail: 'No policy with this id is in force for the user and lets the help desk exempt users.',
  },
  'help.exempt_already': {
    kind: 'conflict',
    title: 'Already exempt',
    detail: 'The user is exempt from this policy already.',
  },
  'help.exempted_recently': {
    kind: 'conflict',
    title: 'Exempted recently',
    detail: 'The help desk exempts a user once in 90 days. A further exemption needs the permission `policy:write`.',
  },
} as const
