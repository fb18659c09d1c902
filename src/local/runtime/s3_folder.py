"""A folder stands for S3: its subfolders are buckets. Serves pandas and everything else that uses fsspec."""
import importlib.abc
import importlib.util
import os
import sys

_root = None


def register(root):
    global _root
    _root = root
    try:
        import fsspec
    except ImportError:
        return
    sys.meta_path.insert(0, _ParquetOfPandas())
    for protocol in ("s3", "s3a", "s3n"):
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


class _ParquetOfPandas(importlib.abc.MetaPathFinder):
    """pandas asks pyarrow for Parquet on S3 before it asks fsspec, and pyarrow would go to AWS: it gets local paths."""

    def find_spec(self, name, path=None, target=None):
        if name != "pandas.io.parquet":
            return None
        sys.meta_path.remove(self)
        spec = importlib.util.find_spec(name)
        load = spec.loader.exec_module

        def exec_module(module):
            load(module)
            module._get_path_or_handle = _with_local_paths(module._get_path_or_handle)

        spec.loader.exec_module = exec_module
        return spec


def _with_local_paths(original):
    def get_path_or_handle(path, fs, storage_options=None, mode="rb", is_dir=False):
        if isinstance(path, str) and local_path(path) != path:
            path, fs, storage_options = local_path(path), None, None
            if mode != "rb":
                os.makedirs(path if is_dir else os.path.dirname(path), exist_ok=True)
        return original(path, fs, storage_options, mode, is_dir)

    return get_path_or_handle


def _file_system_class():
    from fsspec.implementations.local import LocalFileSystem

    class S3Folder(LocalFileSystem):
        protocol = ("s3", "s3a", "s3n")

        def __init__(self, **options):
            super().__init__(auto_mkdir=True)

        @classmethod
        def _strip_protocol(cls, path, *rest):
            if isinstance(path, list):
                return [cls._strip_protocol(item) for item in path]
            text = os.fspath(path)
            return super()._strip_protocol(local_path(text))

    return S3Folder
