/** One field that was not right, as the server or the page found it. */
export interface FieldProblem {
  field: string;
  code: string;
  detail?: string | undefined;
}

/** A value somebody else changed since it was read. */
export interface Change {
  field: string;
  value?: unknown;
  by?: string;
  at?: string;
}

interface ProblemBody {
  status?: number;
  code?: string;
  detail?: string;
  errors?: FieldProblem[];
  changes?: Change[];
  revision?: number;
}

/** A request that ended badly: RFC 9457 problem details, or no answer at all. */
export class Problem extends Error {
  readonly status: number;
  readonly code: string;
  readonly detail: string | undefined;
  readonly fields: FieldProblem[];
  readonly changes: Change[];
  readonly revision: number | undefined;
  /** Seconds to wait before trying again, where the server says so. */
  readonly retryAfter: number | undefined;

  constructor(status: number, body: ProblemBody = {}, retryAfter?: number) {
    super(body.code ?? `status_${status}`);
    this.name = "Problem";
    this.status = status;
    this.code = body.code ?? `status_${status}`;
    this.detail = body.detail;
    this.fields = body.errors ?? [];
    this.changes = body.changes ?? [];
    this.revision = body.revision;
    this.retryAfter = retryAfter;
  }
}

/** The request never reached the server, or its answer never reached us. */
export const unreachable = () => new Problem(0, { code: "unreachable" });

export function problemOf(response: Response, body: unknown): Problem {
  const seconds = Number(response.headers.get("Retry-After"));
  const isDetails = typeof body === "object" && body !== null;
  return new Problem(
    response.status,
    isDetails ? body : {},
    seconds > 0 ? seconds : undefined,
  );
}
