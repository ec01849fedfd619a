// One’s own account.

export const account = {
  title: 'Account',
  set: 'You’re set. Next time: password, then your code.',
  signedInAs: 'Signed in as',
  username: 'Username',
  fullName: 'Name',
  email: 'Email',
  role: 'Role',
  roles: { admin: 'Admin', user: 'User' },
  secondStep: 'Second step',
  secondStepOn: 'On, with an authenticator app',
  secondStepOff: 'Not set up',
  none: 'None',
}
