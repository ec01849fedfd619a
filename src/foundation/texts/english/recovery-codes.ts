// Recovery codes: shown once, and how many are left.

export const recoveryCodes = {
  title: 'Save your recovery codes',
  lead: 'Each works once, in place of your second step. Keep them where you can find them without your phone. They are not shown again.',
  download: 'Download',
  print: 'Print',
  saved: 'I saved my recovery codes',
  /** What stands in the file around the codes. */
  file: {
    name: 'recovery-codes.txt',
    title: (instance: string) => `Recovery codes for ${instance}`,
    username: (username: string) => `Username: ${username}`,
    made: (day: string) => `Made on ${day}`,
    use: 'Each code works once: sign in with your password, then choose “Use a recovery code” at the second step.',
  },
  /** For whoever went on without having said so. */
  asked: {
    title: 'Did you save your recovery codes?',
    fault: 'Tick the box once you have saved them, or make new ones.',
    lead: 'They were shown once. If you have them, tick the box. If not, make new ones.',
    make: 'Make new codes',
  },
  section: {
    title: 'Recovery codes',
    lead: 'For when your phone or your passkey is not at hand. Each works once.',
    left: (left: number, all: number) => `${left} of ${all} left`,
    none: 'There are none yet.',
    made: 'Made',
    make: 'Make new codes',
  },
  renewal: {
    title: 'Make new recovery codes',
    question: 'You get ten codes, shown once. Those from before stop working.',
    submit: 'Make new codes',
    cancel: 'Keep the ones I have',
  },
}
