from awsglue.missing import refusing_getattr

__all__ = ["ApplyMapping", "SelectFields", "DropFields", "RenameField", "Filter", "Map", "Join", "ResolveChoice"]
__getattr__ = refusing_getattr("awsglue.transforms")


class ApplyMapping:
    @staticmethod
    def apply(frame, mappings, **rest):
        return frame.apply_mapping(mappings)


class SelectFields:
    @staticmethod
    def apply(frame, paths, **rest):
        return frame.select_fields(paths)


class DropFields:
    @staticmethod
    def apply(frame, paths, **rest):
        return frame.drop_fields(paths)


class RenameField:
    @staticmethod
    def apply(frame, old_name, new_name, **rest):
        return frame.rename_field(old_name, new_name)


class Filter:
    @staticmethod
    def apply(frame, f, **rest):
        return frame.filter(f)


class Map:
    @staticmethod
    def apply(frame, f, **rest):
        return frame.map(f)


class Join:
    @staticmethod
    def apply(frame1, frame2, keys1, keys2, **rest):
        return frame1.join(keys1, keys2, frame2)


class ResolveChoice:
    @staticmethod
    def apply(frame, specs=None, choice="", **rest):
        return frame.resolveChoice(specs, choice)
