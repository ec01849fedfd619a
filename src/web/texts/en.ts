import type { Fault } from '../../kernel/fault.ts'
import { FAULT_SENTENCES } from '../fault-sentences.ts'
import type { FaultCode } from '../fault-sentences.ts'
import { refusalsInEnglish } from './en-refusals.ts'

type FaultSentences = Record<FaultCode, (facts: NonNullable<Fault['facts']>) => string>

/** The catalogue in English; its shape is the one every language must have. */
export const english = {
  language: 'en',
  faults: FAULT_SENTENCES as FaultSentences,
  refusals: refusalsInEnglish,
  unknownFault: 'Look at this again.',
  problem: 'There is a problem',
  errorTitle: (title: string) => `Error: ${title}`,
  missing: {
    username: 'Enter your username.',
    password: 'Enter a password.',
    code: 'Enter the 6-digit code.',
    email: 'Enter your email address.',
    setup_token: 'Enter the setup code.',
  },
  fields: {
    username: 'Username',
    usernameOrEmail: 'Username or email',
    password: 'Password',
    email: 'Email (optional)',
    fullName: 'Full name (optional)',
    code: '6-digit code',
    setupCode: 'Setup code',
  },
  hints: {
    username: 'For signing in. You can change it later.',
    newPassword: (minimum: number) => `At least ${minimum} characters. A few words in a row work well.`,
    code: 'From your authenticator app.',
    setupCode: 'The whole link, or just the part after /setup/.',
  },
  continue: 'Continue',
  stepOf: (step: number, all: number) => `Step ${step} of ${all}`,
  signIn: {
    title: 'Sign in',
    ended: 'That took too long, or is already done. Start again: sign in here, or open your link once more.',
  },
  secondStep: {
    title: 'Second step',
    signingInAs: 'Signing in as',
    notYou: 'Not you?',
    submit: 'Sign in',
  },
  enrolment: {
    title: 'Set up your second step',
    why: (instance: string) => `${instance} asks for a second step. It takes about a minute.`,
    open: 'Open your authenticator app',
    openHint: 'Any app that shows 6-digit codes will do. If you have none yet, install one on your phone first.',
    scan: 'Scan this code with it',
    qrLabel: 'QR code for your authenticator app. Use the setup key if you can’t scan.',
    setupKey: 'Or type this setup key',
    otpauth: 'Open in an app on this device',
    details: 'Details for the app',
    detailsText: 'Time-based, SHA-1, 6 digits, a new code every 30 seconds.',
    enter: 'Enter the code the app shows',
    submit: 'Turn on',
  },
  setup: {
    title: 'Set up this server',
    welcome: 'You become the first admin. First you, then your second step.',
    steps: 'Steps',
    you: 'You',
    secondStep: 'Second step',
    stepYou: 'Step 1 of 2: You',
    stepSecond: 'Step 2 of 2: Second step',
    codeTitle: 'Set-up',
    codeLead:
      'This server is not set up yet. Open the setup link from the server’s log, or make a new one on the server:',
    command: 'doorward setup-link',
    open: 'Open',
    resume: 'You already chose a username and a password here.',
    resumeLink: 'Go on with step 2',
    refused: 'This setup link does not work',
    another: 'Make a new one on the server:',
  },
  invitation: {
    title: (instance: string) => `Welcome to ${instance}`,
    shortTitle: 'Invitation',
    madeBy: (name: string | null, by: string | null) =>
      `${name === null ? '' : `${name}, `}${by ?? (name === null ? 'An admin' : 'an admin')} made you an account.`,
    choose: 'Choose a password, then set up your second step.',
    keep: 'Type the password you have or choose a new one, then set up your second step.',
    refused: 'This invitation does not work',
  },
  account: {
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
  },
  signOut: {
    title: 'Sign out',
    submit: 'Sign out',
    question: 'You are signed in as',
    done: 'You’re signed out',
    doneText: 'The session in this browser is over.',
  },
  error: {
    home: 'Go to the first page',
    reference: (status: number) => `Status ${status}. If you ask for help, give this reference:`,
  },
}
