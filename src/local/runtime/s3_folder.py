"""A folder stands for S3: its subfolders are buckets. Serves pandas and everything else that uses fsspec."""
import os

_root = None


def register(root):
    global _root
    _root = root
    try:
        import fsspec
    except ImportError:
        return
    for protocol in ("s3", "s3a"):
        fsspec.register_implementation(protocol, _file_system_class(), clobber=True)


def local_path(address):
    """The local path of an `s3://bucket/key` address; any other path is given back as it is."""
    for scheme in ("s3://", "s3a://", "s3n://"):
        if address.startswith(scheme):
            path = os.path.realpath(os.path.join(_root, address[len(scheme):]))
            root = os.path.realpath(_root)
            if path != root and not path.startswith(root + os.sep):
                raise ValueError(f"{address} leads out of its bucket")
            return path
    return address


def _file_system_class():
    from fsspec.implementations.local import LocalFileSystem

    class S3Folder(LocalFileSystem):
        protocol = ("s3", "s3a")

        def __init__(self, **options):
            super().__init__(auto_mkdir=True)

        @classmethod
        def _strip_protocol(cls, path, *rest):
            if isinstance(path, list):
                return [cls._strip_protocol(item) for item in path]
            text = os.fspath(path)
            return super()._strip_protocol(local_path(text))

    return S3Folder
