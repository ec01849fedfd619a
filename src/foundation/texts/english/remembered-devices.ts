// Browsers that skip the second step for some days.

export const rememberedDevices = {
  title: 'Trusted devices',
  lead: 'These browsers ask for your password only. Sensitive changes still ask for the second step.',
  leadOfUser: 'These browsers ask this user for the password only.',
  table: 'Your trusted devices',
  browser: 'Browser',
  ipAddress: 'Address',
  since: 'Added',
  lastUsed: 'Last used',
  until: 'Ends',
  actions: 'Remove',
  forget: 'Remove',
  forgetAll: 'Remove all',
  none: 'No trusted devices.',
  /** Where the second step is asked for, and the line below a session that began without it. */
  offer: (span: string) => `Skip this step on this device for ${span}`,
  offerHint: 'Choose this only on a device that no one else uses.',
  skipped: 'Second step skipped on this device',
  done: {
    'device-forgotten': 'Device removed. It’ll need the second step next time.',
    'devices-forgotten': 'All devices removed. They’ll need the second step next time.',
  },
}
