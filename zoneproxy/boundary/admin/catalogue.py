"""All interceptors of this room. No two of them see the same API, so their order means nothing."""

from __future__ import annotations

from typing import Any

from zoneproxy.boundary.admin.alter_configs import AlterConfigsInterceptor
from zoneproxy.boundary.admin.change_acls import CreateAclsInterceptor, DeleteAclsInterceptor
from zoneproxy.boundary.admin.client_quotas import AlterClientQuotasInterceptor, DescribeClientQuotasInterceptor
from zoneproxy.boundary.admin.create_partitions import CreatePartitionsInterceptor
from zoneproxy.boundary.admin.create_topics import CreateTopicsInterceptor
from zoneproxy.boundary.admin.delete_records import DeleteRecordsInterceptor
from zoneproxy.boundary.admin.delete_topics import DeleteTopicsInterceptor
from zoneproxy.boundary.admin.describe_acls import DescribeAclsInterceptor
from zoneproxy.boundary.admin.describe_cluster import DescribeClusterInterceptor
from zoneproxy.boundary.admin.describe_configs import DescribeConfigsInterceptor
from zoneproxy.boundary.admin.describe_quorum import DescribeQuorumInterceptor
from zoneproxy.boundary.admin.describe_topic_partitions import DescribeTopicPartitionsInterceptor
from zoneproxy.boundary.admin.elect_leaders import ElectLeadersInterceptor
from zoneproxy.boundary.admin.list_config_resources import ListConfigResourcesInterceptor
from zoneproxy.boundary.admin.log_dirs import AlterReplicaLogDirsInterceptor, DescribeLogDirsInterceptor
from zoneproxy.boundary.admin.reassignments import (
    AlterPartitionReassignmentsInterceptor,
    ListPartitionReassignmentsInterceptor,
)
from zoneproxy.boundary.interceptor import Interceptor

ADMINISTRATION: tuple[Interceptor[Any], ...] = (
    CreateTopicsInterceptor(),
    DeleteTopicsInterceptor(),
    DeleteRecordsInterceptor(),
    CreatePartitionsInterceptor(),
    DescribeConfigsInterceptor(),
    AlterConfigsInterceptor(),
    ListConfigResourcesInterceptor(),
    DescribeLogDirsInterceptor(),
    AlterReplicaLogDirsInterceptor(),
    AlterPartitionReassignmentsInterceptor(),
    ListPartitionReassignmentsInterceptor(),
    DescribeClientQuotasInterceptor(),
    AlterClientQuotasInterceptor(),
    DescribeQuorumInterceptor(),
    DescribeClusterInterceptor(),
    DescribeTopicPartitionsInterceptor(),
    ElectLeadersInterceptor(),
    DescribeAclsInterceptor(),
    CreateAclsInterceptor(),
    DeleteAclsInterceptor(),
)
