// Browsers that skip the second step for some days.

export const rememberedDevices = {
  title: 'Remembered devices',
  lead: 'These browsers ask for your password only. Sensitive changes still ask for the second step.',
  leadOfUser: 'These browsers ask this user for the password only.',
  table: 'Your remembered devices',
  browser: 'Browser',
  ipAddress: 'Address',
  since: 'Added',
  lastUsed: 'Last used',
  until: 'Ends',
  actions: 'Forget',
  forget: 'Forget',
  forgetAll: 'Forget all',
  none: 'No remembered devices.',
  /** Where the second step is asked for, and the line below a session that began without it. */
  offer: (span: string) => `Skip this step on this device for ${span}`,
  offerHint: 'Choose this only on a device that no one else uses.',
  skipped: 'Second step skipped on this device',
  done: {
    'device-forgotten': 'Device forgotten. It’ll ask for the second step again.',
    'devices-forgotten': 'All devices forgotten. They’ll ask for the second step again.',
  },
}
