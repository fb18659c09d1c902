from awsglue.missing import refusing_getattr

__all__ = [
    "ApplyMapping", "DropFields", "DropNullFields", "Filter", "Join", "Map", "Relationalize", "RenameField",
    "ResolveChoice", "SelectFields", "SelectFromCollection", "Spigot", "SplitFields", "SplitRows", "Unbox", "UnnestFrame",
]
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


class DropNullFields:
    @staticmethod
    def apply(frame, **rest):
        return frame.drop_null_fields()


class Relationalize:
    @staticmethod
    def apply(frame, staging_path=None, name="roottable", options=None, **rest):
        return frame.relationalize(name, staging_path, options)


class UnnestFrame:
    @staticmethod
    def apply(frame, **rest):
        return frame.unnest()


class Unbox:
    @staticmethod
    def apply(frame, path, format, **rest):
        return frame.unbox(path, format)


class SelectFromCollection:
    @staticmethod
    def apply(dfc, key, **rest):
        return dfc.select(key)


class SplitFields:
    @staticmethod
    def apply(frame, paths, name1="name1", name2="name2", **rest):
        return frame.split_fields(paths, name1, name2)


class SplitRows:
    @staticmethod
    def apply(frame, comparison_dict, name1="frame1", name2="frame2", **rest):
        return frame.split_rows(comparison_dict, name1, name2)


class Spigot:
    @staticmethod
    def apply(frame, path, options=None, **rest):
        return frame.spigot(path, options)
