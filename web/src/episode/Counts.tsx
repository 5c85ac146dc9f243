// Rows that were drawn, counted by what they have; a share beside each count.

import type { JSX } from "preact";

interface Props {
  readonly variables: readonly string[];
  readonly rows: readonly (readonly [readonly string[], number])[];
}

export function Counts({ variables, rows }: Props): JSX.Element {
  const total = rows.reduce((sum, [, n]) => sum + n, 0);
  if (!total) return <p class="quiet">No row fits.</p>;
  return (
    <div class="scroll" tabindex={0} role="region" aria-label="Counts">
      <table class="counts">
        <thead>
          <tr>
            {variables.map((v) => (
              <th scope="col" key={v}>
                {v}
              </th>
            ))}
            <th scope="col">Rows</th>
            <th scope="col">Share</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(([labels, n]) => (
            <tr key={labels.join("|")}>
              {labels.map((label, i) => (
                <td key={variables[i]}>{label}</td>
              ))}
              <td>{n}</td>
              <td>
                <span class="share">
                  <svg viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
                    <rect class="track" width="100" height="8" />
                    <rect class="fill" width={(100 * n) / total} height="8" />
                  </svg>
                  {Math.round((100 * n) / total)} %
                </span>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
