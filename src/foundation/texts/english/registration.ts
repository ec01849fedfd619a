// Self-registration: asking for an account, choosing username and password, and the queue of those who wait.
import { MAILS_AN_HOUR, REGISTRATION_LINK_LIFETIME, WAITING_LIFETIME } from '#foundation/kernel/stated-limits.ts'
import { stated } from './stated.ts'

export const registration = {
  title: 'Create an account',
  lead: (instance: string) => `Enter your email address. We’ll send you a link to create your account on ${instance}.`,
  domains: (domains: string) => `Only these domains can register: ${domains}.`,
  email: 'Email',
  submit: 'Send link',
  /** On the sign-in page. */
  link: 'Create an account',
  haveAccount: 'Already have an account? Sign in',
  /** Proof of work. */
  working: 'Your browser is solving a small puzzle that deters mass registrations. This takes a few seconds.',
  solved: 'Your browser has solved the puzzle that deters mass registrations.',
  needsScript:
    'This page needs JavaScript, because your browser has to solve a small puzzle first. Turn it on, or ask an admin for an invitation.',
  sent: 'Check your email',
  sentText: `We’ve sent you an email. Open the link in it to create your account. The link works for ${stated.spelled(REGISTRATION_LINK_LIFETIME)}. If you already have an account, the email says so.`,
  sentNothing: `Nothing there? Check your spam folder and the spelling of your address. You can ask ${stated.word(MAILS_AN_HOUR)} times an hour.`,
  sentAgain: 'Use another address',
  detailsTitle: 'Create your account',
  detailsLead: (email: string) => `You confirmed ${email}. Choose a username and a password.`,
  thenSecondStep: 'Next you’ll set up your second step.',
  thenApproval: 'Then an admin approves your account.',
  expired: 'This link has expired',
  used: 'This link was already used',
  unknown: 'This link doesn’t work',
  refusedText: 'Ask for a new one. If you already created your account, sign in.',
  again: 'Get a new link',
  waitingTitle: 'Waiting for an admin',
  waitingText: 'We’ll email you when an admin decides. You can’t sign in until then.',
  waitingLimit: `After ${stated.span(WAITING_LIFETIME)} without a decision, your request is deleted.`,
}

export const registrations = {
  title: 'Registrations',
  lead: `These people confirmed their email address and are waiting for your decision. After ${stated.span(WAITING_LIFETIME)} without one, a registration is deleted.`,
  caption: 'Waiting registrations',
  username: 'Username',
  email: 'Email',
  fullName: 'Full name',
  submitted: 'Registered',
  expires: 'Otherwise deleted',
  none: { title: 'No one is waiting', text: 'People who register themselves wait here for your decision.' },
  off: 'Registration with approval is off. The setting “registration” turns it on.',
  view: 'Review',
  one: (username: string) => `Registration of ${username}`,
  approveLead:
    'Approving creates an account with the role User and emails them. They set up their second step when they first sign in.',
  approve: 'Approve',
  declineTitle: (username: string) => `Decline the registration of ${username}?`,
  declineLead: 'Declining deletes what they entered and emails them your reason.',
  reason: 'Reason',
  decline: 'Decline',
  cancel: 'Cancel',
  done: {
    approved: 'Approved. We’ve emailed them.',
    declined: 'Declined. We’ve emailed them.',
    decided: 'This registration was already decided or has expired.',
  },
  inUsers: (count: number) =>
    count === 1 ? '1 person is waiting for approval' : `${count} people are waiting for approval`,
}
