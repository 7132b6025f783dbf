const repository = "https://github.com/ltrnn/ltrnn/blob/main/",
  raw = "https://raw.githubusercontent.com/ltrnn/ltrnn/main/";

/**
 * The README as the first page of the site: what it links to in docs/ is a page of the site, and its figures are the
 * site's, so that it is whole without a network. Its title and badges are left out, for the page has a title.
 */
export const readmeOfSite = (readme: string): string =>
  readme
    .replace(/^# .*\n/, "")
    .replace(/^\[!\[.*\n/gm, "")
    .replaceAll(`${raw}docs/`, "docs/")
    .replace(new RegExp(`${repository}(docs/[\\w-]+\\.md|CHANGELOG\\.md)`, "g"), "$1");
