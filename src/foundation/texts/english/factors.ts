// Setting up the second step, passkeys in the browser, and recovery codes.
import { CODES_IN_A_SET, TOTP_DIGITS, TOTP_PERIOD } from '#foundation/kernel/stated-limits.ts'
import { quoted } from './quoted.ts'
import { secondStep } from './sign-in.ts'
import { stated } from './stated.ts'

export const enrolment = {
  title: 'Set up your second step',
  why: 'Your password alone isn’t enough here. Choose how you’ll confirm it’s you. It takes about a minute.',
  nothingAllowed:
    'The policies allow no second step that you can set up at this address, so you can’t sign in yet. Ask an admin.',
  passkey: 'Passkey',
  recommended: 'Recommended',
  passkeyText: 'Fingerprint, face or security key. Fastest and safest: it can’t be phished.',
  app: 'Authenticator app',
  appText: `A ${TOTP_DIGITS}-digit code from an app on your phone.`,
  appTitle: 'Set up your authenticator app',
  passkeyTitle: 'Create your passkey',
  passkeyLead: 'Your browser will ask where to save the passkey: this device, a password manager or a security key.',
  passkeyName: 'Name (optional)',
  passkeyNameHint: 'For example, “Work laptop”. Admins can see this name.',
  create: 'Create passkey',
  noPasskey: 'No passkey was created. Try again, or use another device or password manager.',
  withoutScripts: 'Passkeys need JavaScript, which is off in this browser.',
  usePasskey: 'Use a passkey instead',
  useApp: 'Use an authenticator app instead',
  which: 'Which app should I use?',
  whichText:
    'Any authenticator app works, and many password managers do, too. Don’t have one? Install Aegis, 2FAS, Ente Auth, Google Authenticator or Microsoft Authenticator.',
  scan: 'Scan this code with your authenticator app',
  qrLabel: 'QR code for your authenticator app. Use the setup key if you can’t scan.',
  setupKey: 'Or enter this setup key',
  otpauth: 'Open my authenticator app',
  otherDevice: 'Scan with another device',
  detailsText: `To set it up by hand: time-based, SHA-1, ${TOTP_DIGITS} digits, a new code every ${stated.span(TOTP_PERIOD)}.`,
  enter: 'Enter the code the app shows',
  submit: 'Verify code',
}

export const passkeyPrompt = {
  waiting: 'Follow the prompt in your browser.',
  notMade: 'No passkey was created. Try again when you’re ready.',
  already: 'This device already has a passkey for you.',
  insecure: 'Passkeys need HTTPS. This page was opened over HTTP.',
  unsupported: 'This browser doesn’t support passkeys. Try another browser or another method.',
  /** The browser has no passkeys for the URL that was opened, only for that of the server. */
  misplaced: (publicUrl: string) => `Passkeys work only at ${publicUrl}. Open this page there.`,
  failed: 'That didn’t work. Try again or use another method.',
}

export const recoveryCodes = {
  title: 'Save your recovery codes',
  lead: 'Lost your phone or passkey? Use one of these codes instead. Each works once. Save them now – we won’t show them again.',
  download: 'Download',
  print: 'Print',
  saved: 'I saved my recovery codes',
  /** What stands in the file around the codes. */
  file: {
    name: 'recovery-codes.txt',
    title: (instance: string) => `Recovery codes for ${instance}`,
    username: (username: string) => `Username: ${username}`,
    made: (day: string) => `Generated on ${day}`,
    use: `Each code works once. Sign in with your password, then choose ${quoted(secondStep.ways['recovery-code'])} at the second step.`,
  },
  /** Shown to a user who went on without confirming that the codes are saved. */
  asked: {
    title: 'Did you save your recovery codes?',
    notTicked: 'Check the box once you’ve saved them, or generate new ones.',
    lead: 'We can’t show them again. Saved them? Check the box. If not, generate new ones.',
    make: 'Generate new codes',
  },
  section: {
    title: 'Recovery codes',
    left: (left: number, all: number) => `${left} of ${all} left`,
    none: 'No recovery codes yet.',
    make: 'Generate new codes',
  },
  renewal: {
    title: 'Generate new recovery codes?',
    question: `You’ll get ${stated.word(CODES_IN_A_SET)} new codes, shown once. Your old codes stop working.`,
    submit: 'Generate new codes',
    cancel: 'Cancel',
  },
}
