import type { World } from '../model/world.ts';

/**
 * What a deployment left in Azure: databases with a tag of ours, firewall rules of ours, and slots of ours that could
 * still do something. The slots themselves stay, emptied, for the next deployment.
 */
export function leftoversIn(world: World): string[] {
  const found: string[] = [];
  for (const server of Object.values(world.sql.servers)) {
    for (const database of Object.values(server.databases)) {
      if (Object.keys(database.tags).some(isOurs)) found.push(`database ${database.name}`);
      else if (/-zdd-/.test(database.name)) found.push(`database ${database.name}`);
    }
    for (const rule of Object.values(server.firewallRules)) {
      if (isOurs(rule.name)) found.push(`firewall rule ${rule.name}`);
    }
  }
  for (const site of Object.values(world.web.sites)) {
    for (const slot of Object.values(site.slots)) {
      if (slot.name === 'production') continue;
      if (slot.state !== 'Stopped') found.push(`running slot ${slot.name}`);
      if (Object.keys(slot.occupant.connectionStrings).length > 0) found.push(`armed slot ${slot.name}`);
    }
  }
  return found;
}

/** Opens the databases to this machine, as an administrator does who looks after everything is over. */
export function letInForALook(world: World, now: number): void {
  for (const server of Object.values(world.sql.servers)) {
    const rule = { name: 'a look', startIpAddress: '0.0.0.0', endIpAddress: '255.255.255.255', effectiveAt: now };
    server.firewallRules[rule.name] = rule;
  }
}

function isOurs(name: string): boolean {
  return /^zdd\b/i.test(name);
}
