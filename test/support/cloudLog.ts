import { serviceIdentity } from "../../local/landscape.ts";
import type { TestCloud } from "./cloud.ts";
import { rawTemplate } from "./cloudTemplates.ts";

const get = (cloud: TestCloud, url: string, token: string) =>
  cloud.send("GET", url, { token, headers: { "x-ms-version": "2025-11-05" } });

/** Where the newest log of the template `t` lies, and a token that may read it. */
export async function logUrl(cloud: TestCloud): Promise<{ url: string; token: string }> {
  const { exactStagingResourceGroup } = (await rawTemplate(cloud, "t")).properties;
  const account = cloud.state().resources.find(({ id }) => String(id).startsWith(`${exactStagingResourceGroup}/`));
  const token = await cloud.tokenOf(serviceIdentity, "https://storage.azure.com");
  const list = `/${String(account?.name)}/packerlogs?restype=container&comp=list`;
  const name = /<Name>([^<]*customization\.log)</.exec((await get(cloud, list, token)).text)?.[1] ?? "";
  return { url: `/${String(account?.name)}/packerlogs/${name}`, token };
}

export async function logText(cloud: TestCloud): Promise<string> {
  const { url, token } = await logUrl(cloud);
  return (await get(cloud, url, token)).text;
}
