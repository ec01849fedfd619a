// The audit log.

export const activity = {
  title: 'Activity',
}
