export interface Row {
  readonly what: string
  readonly measured: number
  readonly target: number
  readonly better: 'more' | 'less'
  /** The absolute figures behind it, which mean something on this machine only. */
  readonly note: string
}

/** Prints what was measured as a Markdown table; says plainly where a target was missed. */
export function printTable(rows: readonly Row[]): void {
  const lines = rows.map(({ what, measured, target, better, note }) => {
    const met = better === 'more' ? measured >= target : measured <= target
    return `| ${what} | ${rounded(measured)} | ${better === 'more' ? '≥' : '≤'} ${target} | ${met ? 'met' : 'missed'} | ${note} |`
  })
  process.stdout.write(
    ['| what | measured | target | | figures of this run |', '| --- | --- | --- | --- | --- |', ...lines, ''].join(
      '\n',
    ),
  )
}

function rounded(value: number): string {
  return value >= 10 ? value.toFixed(0) : value.toFixed(2)
}
