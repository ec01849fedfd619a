// Words that many pages share; labels, hints and what to type into an empty field.

export const words = {
  continue: 'Continue',
  cancel: 'Cancel',
  /** Between two ways to go on. */
  or: 'or',
  save: 'Save',
  /** On the pressed button of a form, while a password or a code is checked. */
  checking: 'Checking…',
  /** Closes the message of what was done. */
  dismiss: 'Close this message',
  first: 'First page',
  next: 'Next',
  previous: 'Previous',
  pages: 'Pages',
  /** Unfolds the rest of a list. */
  showMore: (count: number) => `Show ${count} more`,
  search: 'Search',
  never: 'never',
  justNow: 'just now',
  inAMoment: 'in a moment',
  /** The title of a page that goes on by itself. */
  oneMoment: 'One moment',
  stepOf: (step: number, all: number) => `Step ${step} of ${all}`,
  problem: 'There’s a problem',
  /** Above a form that is filled with what was typed before the session ended. */
  notSavedYet: 'Not saved yet. Check it and save.',
  errorTitle: (title: string) => `Error: ${title}`,
  /** A field error in a summary, where it does not say by itself which field it is about. */
  faultOf: (label: string, sentence: string) => `${label}: ${sentence.slice(0, 1).toLowerCase()}${sentence.slice(1)}`,
  unknownFieldError: 'Check this field.',
  skip: 'Skip to content',
  navigation: 'Main',
  theme: 'Appearance',
  themes: { system: 'System', light: 'Light', dark: 'Dark' },
  showPassword: 'Show password',
  capsLock: 'Caps Lock is on',
  passwordStrength: 'Password strength:',
  strengths: { weak: 'Weak', fair: 'Fair', good: 'Good', strong: 'Strong' },
  copy: 'Copy',
  copied: 'Copied',
  apiEquivalent: (calls: number): string => (calls === 1 ? 'Show as API call' : 'Show as API calls'),
  sameWithTheApiHint: 'Run in a terminal, with your API token in TOKEN.',
  sameWithASessionHint:
    'Run in a terminal, with the access token of a recent sign-in (POST /token) in SESSION. API tokens can’t do this.',
}

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
  username: 'Used to sign in. You can change it later.',
  passwordAgain: 'Enter it again. We don’t keep what you typed.',
  newPassword: (minimum: number) => `At least ${minimum} characters. A few random words work well.`,
  code: 'From your authenticator app.',
  recoveryCode: 'It looks like xxxx-xxxx-xxxx-xxxx and works once.',
  codeSendsItself: (length: number) => `Submits once you’ve entered all ${length === 8 ? 'eight' : 'six'} digits.`,
  setupCode: 'Paste the full link or the part after /setup/.',
}

export const missing = {
  username: 'Enter your username.',
  password: 'Enter a password.',
  code: 'Enter the code from your authenticator app.',
  recovery_code: 'Enter a recovery code.',
  setup_token: 'Enter the setup code.',
  reason: 'Enter a reason.',
  icon: 'Choose a file.',
}
