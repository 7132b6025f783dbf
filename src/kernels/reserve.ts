import { lines, type Workspace } from "./workspace";

/**
 * Makes room in a workspace for all that `taking` asks for, so that memory which does not suffice is missed before any
 * of it is taken.
 */
export function reserve(workspace: Workspace, taking: (take: (count: number) => number) => void): void {
  let end = workspace.top;
  taking((count) => {
    const address = end;
    end += lines(count);
    return address;
  });
  workspace.growTo(end);
}
