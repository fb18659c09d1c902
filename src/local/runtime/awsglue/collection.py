class DynamicFrameCollection:
    """Frames by name, as what splits a frame gives them."""

    def __init__(self, dynamic_frames, glue_ctx=None):
        self._frames = dict(dynamic_frames)
        self._glue_ctx = glue_ctx

    def __getitem__(self, key):
        return self._frames[key]

    def __len__(self):
        return len(self._frames)

    def keys(self):
        return self._frames.keys()

    def values(self):
        return self._frames.values()

    def select(self, key, transformation_ctx=""):
        return self._frames[key]

    def map(self, callable, transformation_ctx=""):
        return DynamicFrameCollection(
            {key: callable(frame, transformation_ctx + key) for key, frame in self._frames.items()}, self._glue_ctx)
