import sys

from awsglue.missing import refusing_getattr

__getattr__ = refusing_getattr("awsglue.utils")


class GlueArgumentError(Exception):
    pass


def getResolvedOptions(args, options):
    """Values of `--name value` or `--name=value` in args, for the names in options; JOB_NAME may be missing here."""
    found = {}
    items = list(args)
    for index, item in enumerate(items):
        if not item.startswith("--"):
            continue
        name, equals, value = item[2:].partition("=")
        if equals:
            found[name] = value
        elif index + 1 < len(items):
            found[name] = items[index + 1]
    missing = [name for name in options if name not in found and name != "JOB_NAME"]
    if missing:
        raise GlueArgumentError(f"the following arguments are required: {', '.join('--' + name for name in missing)}")
    return {name: found.get(name, "") for name in options}
