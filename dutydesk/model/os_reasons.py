"""Why the operating system said no, in both languages; Python knows it in English alone."""

from __future__ import annotations

import errno
from collections.abc import Mapping

from dutydesk.model.text import Text

_REASONS: Mapping[int, Text] = {
    errno.ENOENT: Text("没有这个文件或目录", "no such file or directory"),
    errno.EACCES: Text("没有权限", "permission denied"),
    errno.EPERM: Text("不允许这样做", "operation not permitted"),
    errno.EEXIST: Text("已经存在", "it exists already"),
    errno.EISDIR: Text("那是一个目录", "it is a directory"),
    errno.ENOTDIR: Text("路径中有一段不是目录", "a part of the path is not a directory"),
    errno.ENOSPC: Text("磁盘已满", "no space left on the device"),
    errno.EDQUOT: Text("磁盘配额已用完", "the disk quota is used up"),
    errno.EFBIG: Text("文件太大", "the file is too large"),
    errno.EROFS: Text("文件系统只读", "the file system is read-only"),
    errno.EIO: Text("磁盘读写出错", "the disk failed"),
    errno.ENAMETOOLONG: Text("名称太长", "the name is too long"),
    errno.ELOOP: Text("符号链接太多", "too many symbolic links"),
    errno.EMFILE: Text("打开的文件太多", "too many open files"),
    errno.ENFILE: Text("打开的文件太多", "too many open files"),
    errno.ETXTBSY: Text("文件正被使用", "the file is in use"),
    errno.EBUSY: Text("正被使用", "it is in use"),
    errno.ECONNREFUSED: Text("连接被拒绝", "the connection was refused"),
    errno.ECONNRESET: Text("连接被断开", "the connection was reset"),
    errno.EHOSTUNREACH: Text("到不了该主机", "the host cannot be reached"),
    errno.ENETUNREACH: Text("网络不通", "the network cannot be reached"),
    errno.ETIMEDOUT: Text("等待超时", "it timed out"),
    errno.EINVAL: Text("无效的名称或参数", "an invalid name or argument"),
}


def reason(error: OSError) -> Text:
    """What ``error`` says; in English where we have no words of our own for it."""
    number = errno.ETIMEDOUT if isinstance(error, TimeoutError) else error.errno or 0
    return _REASONS.get(number) or Text(error.strerror or type(error).__name__)
