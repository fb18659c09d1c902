"""The error for what Local Glue's awsglue lacks."""


class NotInLocalGlue(NotImplementedError):
    def __init__(self, name):
        super().__init__(f"Local Glue has no {name}. It runs on AWS Glue; here, use Spark's own means.")


def refusing_getattr(module):
    """A module's __getattr__ that names what was asked for."""

    def __getattr__(name):
        if name.startswith("__"):
            raise AttributeError(name)
        raise NotInLocalGlue(f"{module}.{name}")

    return __getattr__
