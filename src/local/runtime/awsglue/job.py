from awsglue.missing import NotInLocalGlue


class Job:
    """A job in a session has no bookmarks: init and commit frame the work and keep nothing."""

    def __init__(self, glue_context):
        self._glue_context = glue_context
        self.name = None
        self.args = {}

    def init(self, job_name, args=None):
        self.name = job_name
        self.args = args or {}

    def commit(self):
        return None

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        raise NotInLocalGlue(f"Job.{name}")
