// Labels, hints and what to type into an empty field.

export const fields = {
  username: 'Username',
  usernameOrEmail: 'Username or email',
  password: 'Password',
  email: 'Email (optional)',
  fullName: 'Full name (optional)',
  code: (lengths: readonly number[]) => (lengths.length > 1 ? '6- or 8-digit code' : `${lengths[0] ?? 6}-digit code`),
  recoveryCode: 'Recovery code',
  setupCode: 'Setup code',
}

export const hints = {
  username: 'For signing in. You can change it later.',
  passwordAgain: 'It is never kept: type it again.',
  newPassword: (minimum: number) => `At least ${minimum} characters. A few words in a row work well.`,
  code: 'From your authenticator app.',
  recoveryCode: 'Each code works once.',
  codeSendsItself: (length: number) => `It is checked as soon as all ${length === 8 ? 'eight' : 'six'} digits are in.`,
  setupCode: 'The whole link, or just the part after /setup/.',
}

export const missing = {
  username: 'Enter your username.',
  password: 'Enter a password.',
  code: 'Enter the code that your authenticator app shows.',
  recovery_code: 'Enter a recovery code.',
  email: 'Enter your email address.',
  setup_token: 'Enter the setup code.',
  reason: 'Give a reason.',
}
