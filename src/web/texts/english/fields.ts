// Labels, hints and what to type into an empty field.

export const fields = {
  username: 'Username',
  usernameOrEmail: 'Username or email',
  password: 'Password',
  email: 'Email (optional)',
  fullName: 'Full name (optional)',
  code: '6-digit code',
  recoveryCode: 'Recovery code',
  setupCode: 'Setup code',
}

export const hints = {
  username: 'For signing in. You can change it later.',
  newPassword: (minimum: number) => `At least ${minimum} characters. A few words in a row work well.`,
  code: 'From your authenticator app.',
  recoveryCode: 'Each code works once.',
  codeSendsItself: 'It is checked as soon as all six digits are in.',
  setupCode: 'The whole link, or just the part after /setup/.',
}

export const missing = {
  username: 'Enter your username.',
  password: 'Enter a password.',
  code: 'Enter the 6-digit code.',
  recovery_code: 'Enter a recovery code.',
  email: 'Enter your email address.',
  setup_token: 'Enter the setup code.',
  reason: 'Say why. It goes to the log.',
}
