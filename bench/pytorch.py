"""PyTorch itself on the nets and shapes of bench/tensors.ts: training positions and evaluations a second, as JSON.

python3 bench/pytorch.py '{"blocks":4,"channels":32,"size":9,"batch":64,"threads":1,"rounds":5,"planes":22,"globals":19}'
Plain batch norm over the whole buffer: what a PyTorch user would write where all boards have one size.
"""
import json
import statistics
import sys
import time

import torch
from torch import nn
from torch.nn import functional as F

ask = json.loads(sys.argv[1])
torch.set_num_threads(ask["threads"])
device = torch.device(ask.get("device", "cpu"))
torch.backends.cuda.matmul.allow_tf32 = True
torch.backends.cudnn.allow_tf32 = True
torch.backends.cudnn.benchmark = True


class Block(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.bn1, self.bn2 = nn.BatchNorm2d(channels), nn.BatchNorm2d(channels)
        self.conv1 = nn.Conv2d(channels, channels, 3, padding=1, bias=False)
        self.conv2 = nn.Conv2d(channels, channels, 3, padding=1, bias=False)

    def forward(self, x):
        y = self.conv1(F.relu(self.bn1(x)))
        return x + self.conv2(F.relu(self.bn2(y)))


class Net(nn.Module):
    def __init__(self, blocks, c, planes, globals_):
        super().__init__()
        self.conv = nn.Conv2d(planes, c, 3, padding=1, bias=False)
        self.globals = nn.Linear(globals_, c)
        self.blocks = nn.Sequential(*[Block(c) for _ in range(blocks)])
        self.bn = nn.BatchNorm2d(c)
        self.policy_conv = nn.Conv2d(c, c, 1, bias=False)
        self.policy_globals = nn.Linear(3 * c, c)
        self.policy_bn = nn.BatchNorm2d(c)
        self.policy_points = nn.Conv2d(c, 1, 1, bias=False)
        self.pass1, self.pass2 = nn.Linear(3 * c, c), nn.Linear(c, 1)
        self.value_conv = nn.Conv2d(c, c, 1, bias=False)
        self.value_bn = nn.BatchNorm2d(c)
        self.hidden, self.value, self.score = nn.Linear(3 * c, 2 * c), nn.Linear(2 * c, 1), nn.Linear(2 * c, 1)
        self.ownership = nn.Conv2d(c, 1, 1, bias=False)

    def forward(self, planes, globals_):
        x = self.conv(planes) + self.globals(globals_)[:, :, None, None]
        x = F.relu(self.bn(self.blocks(x)))
        mean = x.mean((2, 3))
        pooled = torch.cat([mean, mean * -0.5, x.amax((2, 3))], 1)
        p = self.policy_conv(x) + self.policy_globals(pooled)[:, :, None, None]
        points = self.policy_points(F.relu(self.policy_bn(p))).flatten(1)
        logits = torch.cat([points, self.pass2(F.relu(self.pass1(pooled)))], 1)
        v = F.relu(self.value_bn(self.value_conv(x)))
        mean = v.mean((2, 3))
        h = F.relu(self.hidden(torch.cat([mean, mean * -0.5, mean * 0.15], 1)))
        return logits, torch.tanh(self.value(h)), self.score(h), torch.tanh(self.ownership(v)).flatten(1)


def seconds(run):
    times = []
    begin = time.perf_counter()
    while time.perf_counter() - begin < 2:
        run()
    for _ in range(ask["rounds"]):
        if device.type == "cuda":
            torch.cuda.synchronize()
        start = time.perf_counter()
        run()
        if device.type == "cuda":
            torch.cuda.synchronize()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


torch.manual_seed(1)
size, batch = ask["size"], ask["batch"]
area = size * size
net = Net(ask["blocks"], ask["channels"], ask["planes"], ask["globals"])
net = net.to(device, memory_format=torch.channels_last)
planes = (torch.rand(batch, ask["planes"], size, size) > 0.7).float().to(device, memory_format=torch.channels_last)
globals_ = torch.zeros(batch, ask["globals"], device=device)
moves = torch.arange(batch, device=device) % area
ones, owners = torch.ones(batch, 1, device=device), torch.ones(batch, area, device=device)
optimizer = torch.optim.SGD(net.parameters(), lr=0.01, momentum=0.9, nesterov=True)


def step():
    optimizer.zero_grad(set_to_none=True)
    logits, value, score, ownership = net(planes, globals_)
    loss = (
        F.cross_entropy(logits, moves)
        + F.mse_loss(value, ones)
        + 0.2 * F.huber_loss(score, ones, delta=0.5)
        + 0.5 * F.mse_loss(ownership, owners)
    )
    loss.backward()
    optimizer.step()


training = seconds(step)
net.eval()
with torch.inference_mode():
    inference = seconds(lambda: net(planes, globals_))
print(
    json.dumps(
        {
            "version": torch.__version__,
            "training": batch / training,
            "inference": batch / inference,
        }
    )
)
