"""What became of a send, as one short line in the desk's language. No line carries a secret or an address."""

from __future__ import annotations

from typing import Final

from dutydesk.model.text import Text

ANSWERED_OK: Final = Text("网关已接收（HTTP {status}）", "taken by the gateway (HTTP {status})")
HANDED_OVER: Final = Text("服务已接收", "taken by the service")
REFUSED_BODY: Final = Text("网关拒收：{code} {reason}", "refused by the gateway: {code} {reason}")
REFUSED_STATUS: Final = Text(
    "网关拒收（HTTP {status}）{reason}", "refused by the gateway (HTTP {status}) {reason}"
)
REDIRECTED: Final = Text(
    "网关要求转到别处（HTTP {status}），未跟随；请改通道地址",
    "the gateway redirects elsewhere (HTTP {status}), not followed; correct the channel's address",
)
ASKED_TO_WAIT: Final = Text("网关要求稍后再发：{code} {reason}", "the gateway asks to wait: {code} {reason}")
GATEWAY_TROUBLE: Final = Text(
    "网关故障（HTTP {status}）{reason}", "trouble at the gateway (HTTP {status}) {reason}"
)
UNREADABLE: Final = Text(
    "网关应答（HTTP {status}）读不懂，是否已接收不明",
    "the gateway's answer (HTTP {status}) cannot be read; whether it took the message is unknown",
)
TOO_LONG: Final = Text(
    "网关应答超过 {limit} 字节，是否已接收不明",
    "the gateway's answer is longer than {limit} bytes; whether it took the message is unknown",
)
NO_ANSWER: Final = Text(
    "已发出，{seconds} 秒内无应答，结果不明", "sent, no answer within {seconds} s; the result is unknown"
)
NO_CONNECTION_IN_TIME: Final = Text(
    "{seconds} 秒内连不上网关，未发出", "no connection within {seconds} s; nothing was sent"
)
CONNECTION_LOST: Final = Text(
    "发送途中连接中断，结果不明", "the connection was lost on the way; the result is unknown"
)
CANNOT_CONNECT: Final = Text("连不上网关，未发出", "cannot connect to the gateway; nothing was sent")
NOT_RESOLVED: Final = Text(
    "网关域名解析不了，未发出", "the gateway's name does not resolve; nothing was sent"
)
NOT_TRUSTED: Final = Text(
    "网关证书不可信或加密失败，未发出", "the gateway's certificate is not trusted; nothing was sent"
)
UNEXPLAINED: Final = Text(
    "服务报告失败而未说明原因，结果不明", "the service reports failure without a reason"
)
FAULT_BEFORE: Final = Text("发送程序出错（{kind}），未发出", "the sender failed ({kind}); nothing was sent")
FAULT_WITHIN: Final = Text(
    "发送程序出错（{kind}），结果不明", "the sender failed ({kind}); the result is unknown"
)
NO_SUCH_CHANNEL: Final = Text("没有名为 {channel} 的通道", "there is no channel named {channel}")
CHANNEL_UNUSABLE: Final = Text(
    "通道打不开（{kind}），未发出；请改 channels.yaml 里的这个通道",
    "the channel cannot be opened ({kind}); nothing was sent: change it in channels.yaml",
)
DRILL_ONLY: Final = Text("{channel} 只用于演练", "{channel} is for drills only")
LIVE_ONLY: Final = Text(
    "{channel} 只用于实战；演练用的通道要写明 purpose: drill（或 both）",
    "{channel} is for live notices only; a channel for drills states purpose: drill (or both)",
)
BAD_ADDRESS: Final = Text(
    "地址为空或含有不能传递的字符", "the address is empty or has characters that cannot be carried"
)
ADDRESS_UNUSED: Final = Text(
    "该服务不认此收件地址，或通道 url 里 {{address}} 的位置不对，未发出",
    "the service does not take the address, or the channel's url has {{address}} in a wrong place; not sent",
)
NOT_UNDERSTOOD: Final = Text(
    "该服务不接受此地址或通道设置", "the service does not take this address or the channel's settings"
)
TEMPLATE_FAILED: Final = Text("消息模板填不出：{what}", "the message template cannot be filled: {what}")
PART_FAILED: Final = Text("第 {part}/{parts} 段：{detail}", "part {part} of {parts}: {detail}")
STOPPED: Final = Text(
    "发送程序在应答之前停止，结果不明", "the sender stopped before an answer came; the result is unknown"
)
NOT_BEGUN: Final = Text("未轮到发送，未发出", "its turn had not come; nothing was sent")
NO_THREAD: Final = Text(
    "发送程序正在停止或已满负荷，未发出", "the sender is stopping or has its hands full; nothing was sent"
)
